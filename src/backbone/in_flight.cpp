#include "in_flight.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include <ATen/ATen.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace patchead::inline backbone_detail {

Mark::Mark(c10::Device device) {
    if (device.is_cpu()) { return; }
    event_.emplace(device.type());
    event_->record(c10::impl::VirtualGuardImpl(device.type()).getStream(device));
}

void Mark::wait() const {
    constexpr std::chrono::microseconds kPause{50};
    while (event_ && !event_->query()) { std::this_thread::sleep_for(kPause); }
}

InFlight::InFlight(ComputePlace place, Forward forward, Take take)
    : place_(place), forward_(std::move(forward)), take_(std::move(take)) {}

void InFlight::start(std::int64_t first, const at::Tensor& images) {
    auto staged = images;
    if (!place_.device.is_cpu()) { staged = pinned(images.sizes()).copy_(images); }
    const auto output = forward_(staged.to(place_.device, place_.type, /*non_blocking=*/true));
    auto host = output;
    for_each_part([this](at::Tensor& part) { part = to_host(part); }, host);
    Part part{first, std::move(host), Mark(place_.device)};
    finish();
    under_way_.emplace(std::move(part));
}

void InFlight::finish() {
    if (!under_way_) { return; }
    const auto part = std::move(*under_way_);
    under_way_.reset();
    part.mark.wait();
    take_(part.first, part.output);
}

at::Tensor InFlight::pinned(at::IntArrayRef shape) const {
    return at::empty(shape, at::TensorOptions(at::kFloat).pinned_memory(!place_.device.is_cpu()));
}

at::Tensor InFlight::to_host(const at::Tensor& values) const {
    if (!values.defined()) { return {}; }
    return pinned(values.sizes()).copy_(values, /*non_blocking=*/true);
}

}  // namespace patchead::inline backbone_detail
