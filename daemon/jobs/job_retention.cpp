// How long jobs that are over are kept: for job_ttl, as long as there is room.
#include <algorithm>

#include "daemon/jobs/job_list.hpp"

namespace sim52xx::daemon {
namespace {

std::size_t memory_of(const JobRecord& job) {
  std::size_t bytes = sizeof(JobRecord) + job.result.capacity() + job.order.client_ref.capacity();
  for (const JobBody& body : job.bodies)
    bytes += sizeof(Spool) + body.spool->memory();
  if (job.error) bytes += job.error->message.capacity() + job.error->response.capacity();
  return bytes;
}

}  // namespace

void JobList::keep(JobRecord& job) {
  job.over_since = runtime_.now();
  job.kept = memory_of(job);
  kept_memory_ += job.kept;
  over_.emplace(std::make_pair(job.over_since, job.number), jobs_.at(job.number));
  make_room();
  if (!expiry_.armed() && !stopping_) forget_old();
}

void JobList::forget(std::uint64_t number) {
  const JobPtr job = jobs_.at(number);
  jobs_.erase(number);
  if (!job->order.client_ref.empty())
    references_.erase(Reference(job->order.owner.uid, job->order.client_ref));
  over_.erase(std::make_pair(job->over_since, number));
  kept_memory_ -= job->kept;
}

void JobList::forget_old() {
  while (!over_.empty()) {
    const auto& [since, number] = over_.begin()->first;
    if (runtime_.now() < since + settings_.ttl) {
      expiry_.arm(since + settings_.ttl);
      return;
    }
    forget(number);
  }
}

// The oldest go first; before any of them those whose client has been told.
void JobList::make_room() {
  while (over_.size() > 1 && (over_.size() > kept_most || kept_memory_ > kept_memory_most)) {
    const auto told = std::find_if(over_.begin(), over_.end(),
                                   [](const auto& entry) { return entry.second->delivered; });
    const auto victim = told == over_.end() ? over_.begin() : told;
    ++counters_.forgotten;
    forget(victim->first.second);
  }
}

void JobList::set_settings(Settings settings) {
  settings_ = settings;
  expiry_.cancel();
  forget_old();
}

}  // namespace sim52xx::daemon
