#include "core/distributed/gradient_buckets_torch.h"
#include "core/distributed/process_group_torch.h"

#include <ATen/ATen.h>

#include <stdexcept>
#include <utility>

namespace tagscape {
namespace {

/// Gradients of some parameters one after another, then for each a number that says whether there is one (over 0).
struct Bucket {
  std::vector<std::size_t> members;
  std::int64_t num_values = 0;
  at::Tensor flat;
  std::size_t num_missing = 0;
  bool started = false;
  PendingSum sum;

  void clear() {
    flat.zero_();
    num_missing = members.size();
    started = false;
  }
};

struct Place {
  std::size_t bucket = 0;
  std::int64_t begin = 0;  ///< Of the gradient in the bucket.
  std::int64_t flag = 0;   ///< The parameter's number in the bucket.
};

}  // namespace

struct GradientBuckets::State {
  std::shared_ptr<ProcessGroup> group;
  std::vector<at::Tensor> parameters;
  std::vector<unsigned> hooks;
  std::vector<Place> places;  ///< By parameter.
  std::vector<Bucket> buckets;
  std::vector<bool> taken;  ///< By parameter.
  std::size_t num_started = 0;
  bool twice = false;

  void layOut(std::int64_t bucket_bytes);
  void allocate();
  void take(std::size_t parameter, const at::Tensor& gradient);
  void startFull();
  void start(Bucket& bucket);
  void writeBack(const Bucket& bucket);
};

void GradientBuckets::State::layOut(std::int64_t bucket_bytes) {
  places.resize(parameters.size());
  taken.assign(parameters.size(), false);
  for (std::size_t p = parameters.size(); p-- > 0;) {
    const at::Tensor& parameter = parameters[p];
    const std::int64_t room = bucket_bytes / static_cast<std::int64_t>(parameter.element_size());
    const bool fits = !buckets.empty() && buckets.back().num_values + parameter.numel() <= room &&
                      parameters[buckets.back().members.front()].options().type_equal(parameter.options());
    if (!fits) buckets.emplace_back();
    Bucket& bucket = buckets.back();
    places[p] = {buckets.size() - 1, bucket.num_values, static_cast<std::int64_t>(bucket.members.size())};
    bucket.members.push_back(p);
    bucket.num_values += parameter.numel();
  }
}

void GradientBuckets::State::allocate() {
  for (Bucket& bucket : buckets) {
    const auto num_flags = static_cast<std::int64_t>(bucket.members.size());
    bucket.flat =
        at::empty({bucket.num_values + num_flags}, parameters[bucket.members.front()].options().requires_grad(false));
    bucket.clear();
  }
}

void GradientBuckets::State::take(std::size_t parameter, const at::Tensor& gradient) {
  const at::NoGradGuard no_gradient;
  const Place& place = places[parameter];
  Bucket& bucket = buckets[place.bucket];
  if (bucket.started || taken[parameter]) {
    twice = true;  // An exception here would leave the backward pass of this rank alone; finish() reports it.
    return;
  }
  bucket.flat.narrow(0, place.begin, gradient.numel()).copy_(gradient.reshape(-1));
  bucket.flat[bucket.num_values + place.flag].fill_(1);
  taken[parameter] = true;
  --bucket.num_missing;
  startFull();
}

void GradientBuckets::State::startFull() {
  while (num_started < buckets.size() && buckets[num_started].num_missing == 0) start(buckets[num_started]);
}

void GradientBuckets::State::start(Bucket& bucket) {
  bucket.sum = startSumOverRanks(*group, bucket.flat);
  bucket.started = true;
  ++num_started;
}

void GradientBuckets::State::writeBack(const Bucket& bucket) {
  const auto num_flags = static_cast<std::int64_t>(bucket.members.size());
  const at::Tensor flags = bucket.flat.narrow(0, bucket.num_values, num_flags).to(at::kCPU, at::kDouble);
  const at::Tensor averages = bucket.flat.narrow(0, 0, bucket.num_values) / group->size();
  for (const std::size_t p : bucket.members) {
    if (flags.data_ptr<double>()[places[p].flag] == 0) continue;
    const at::Tensor& parameter = parameters[p];
    const at::Tensor average = averages.narrow(0, places[p].begin, parameter.numel()).view(parameter.sizes());
    at::Tensor& gradient = parameter.mutable_grad();
    if (gradient.defined())
      gradient.copy_(average);
    else
      gradient = average.clone();
  }
}

GradientBuckets::GradientBuckets(std::shared_ptr<ProcessGroup> group,
                                 std::vector<at::Tensor> parameters,
                                 std::int64_t bucket_bytes)
    : state_(std::make_unique<State>()) {
  state_->group = std::move(group);
  if (state_->group->isAlone()) return;
  state_->parameters = std::move(parameters);
  state_->layOut(bucket_bytes);
  state_->allocate();
  for (std::size_t p = 0; p < state_->parameters.size(); ++p) {
    state_->hooks.push_back(state_->parameters[p].register_hook(
        [state = state_.get(), p](const at::Tensor& gradient) { state->take(p, gradient); }));
  }
}

GradientBuckets::~GradientBuckets() {
  for (std::size_t p = 0; p < state_->hooks.size(); ++p) state_->parameters[p].remove_hook(state_->hooks[p]);
}

void GradientBuckets::finish() {
  State& state = *state_;
  const at::NoGradGuard no_gradient;
  while (state.num_started < state.buckets.size()) state.start(state.buckets[state.num_started]);
  for (Bucket& bucket : state.buckets) {
    bucket.sum.wait();
    state.writeBack(bucket);
    bucket.clear();
  }
  state.num_started = 0;
  state.taken.assign(state.taken.size(), false);
  if (std::exchange(state.twice, false))
    throw std::logic_error("gradients of two backward passes met in one bucket: call finish() after each");
}

std::size_t GradientBuckets::numBuckets() const { return state_->buckets.size(); }
std::size_t GradientBuckets::numStarted() const { return state_->num_started; }

}  // namespace tagscape
