// What https and ftps have in common: how long, watched or detached, under which reference.
#pragma once

#include <optional>
#include <string>

#include "daemon/ctl/job_run.hpp"
#include "daemon/ctl/plan.hpp"

namespace sim52xx::ctl {

struct JobOptions {
  std::optional<double> timeout;
  bool silent = false;
  bool show_error = false;  // curl's -S; errors are shown anyway
  bool detach = false;
  std::string reference;
};

void add_job_options(CLI::App& verb, JobOptions& options);

// Into the parameters of a request.
void put_job_options(json& params, const JobOptions& options);

// Whether somebody wants to see how far it is.
bool wants_progress(const Globals& globals, const JobOptions& options);

// Runs it to its end, or only tells its number where it is detached. `result` is null then.
struct JobDone {
  json result;
  double seconds = 0;
};
Outcome<JobDone> run_job(const Globals& globals, const JobOptions& options, JobRequest request);

// A line on standard error for people; nothing where nobody looks.
void note(const Globals& globals, const JobOptions& options, const std::string& words);

}  // namespace sim52xx::ctl
