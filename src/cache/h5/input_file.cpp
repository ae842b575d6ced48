#include "h5/input_file.hpp"

namespace patchead::h5 {

File open_file(const std::filesystem::path& path, SystemFile* system) {
    be_quiet();
    const Properties access(H5Pcreate(H5P_FILE_ACCESS), "file access");
    use_file(access, system);
    return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()), "HDF5 cannot open it"};
}

}  // namespace patchead::h5
