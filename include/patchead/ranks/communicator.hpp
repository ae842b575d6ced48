#pragma once

#include <functional>
#include <string>
#include <vector>

/// \file
/// \brief The only interface to MPI. Ranks exchange text, never domain types.

namespace patchead {

/// Exit codes of a job that is aborted. What they mean is for the program to say.
struct FailureCodes {
    int error = 1;     ///< A `patchead::Error` left the body: the input or the machine is at fault.
    int internal = 1;  ///< Anything else did: the program is at fault.
    int disk = 1;      ///< A `DiskError` did: nothing more can be written.
};

/// The ranks of this job. Without MPI it is one rank, and every call below is local.
class Communicator {
  public:
    /// One rank, no MPI calls: what unit tests use.
    Communicator() = default;

    [[nodiscard]] int rank() const { return rank_; }
    [[nodiscard]] int size() const { return size_; }
    [[nodiscard]] bool is_root() const { return rank_ == 0; }
    [[nodiscard]] bool has_mpi() const { return has_mpi_; }
    /// Place of this rank among those on the same machine, from 0; picks the GPU.
    [[nodiscard]] int local_rank() const { return local_rank_; }
    /// How many ranks share this machine.
    [[nodiscard]] int local_size() const { return local_size_; }

    /// Waits for every rank without burning a core. Collective.
    void barrier() const;

    /// Rank 0's text, on every rank. Collective. Any length. Other ranks wait without burning a
    /// core.
    [[nodiscard]] std::string broadcast(const std::string& text) const;

    /// The texts of all ranks in rank order on rank 0; empty elsewhere. Collective.
    /// Throws MpiError if they do not fit MPI's counts (2 GiB in all).
    [[nodiscard]] std::vector<std::string> gather(const std::string& text) const;

    /// The largest `value` of any rank, on every rank. Collective.
    [[nodiscard]] int max(int value) const;

  private:
    friend int run_job(int argc, char** argv, const FailureCodes& codes,
                       const std::function<int(const Communicator&)>& body);

    void find_neighbours();

    int rank_ = 0;
    int size_ = 1;
    int local_rank_ = 0;
    int local_size_ = 1;
    bool has_mpi_ = false;
};

/// Runs `body` between MPI_Init_thread(MPI_THREAD_MULTIPLE) and MPI_Finalize; the largest result
/// of any rank is the exit code.
///
/// An exception that leaves `body` is printed (with its rank if there are several) and then the
/// whole job is aborted with one of `codes`: to finalise while other ranks wait in a collective
/// would hang all of them. Ranks other than 0 wait half a second before they print, so that trouble
/// which all meet at once is told once. An MPI that does not grant MPI_THREAD_MULTIPLE is such a
/// trouble.
int run_job(int argc, char** argv, const FailureCodes& codes,
            const std::function<int(const Communicator&)>& body);

/// Version text of the MPI library; needs no running job.
[[nodiscard]] std::string mpi_version();

/// Name of the thread level that MPI grants, e.g. "MPI_THREAD_MULTIPLE". Starts and ends MPI, so
/// it can be called once, outside of `run_job`.
[[nodiscard]] std::string mpi_thread_level();

}  // namespace patchead
