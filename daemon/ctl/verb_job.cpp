// job list, show, wait, cancel, read: what runs in the daemon, and what it came to.
#include <chrono>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "daemon/ctl/base64.hpp"
#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/job_options.hpp"
#include "daemon/ctl/job_view.hpp"
#include "daemon/ctl/output.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

struct JobVerbOptions {
  std::string id;
  std::string state;
  std::optional<int> limit;
  bool ids = false;
  std::optional<int> step;
  std::string output = "-";
  JobOptions job;
};

WallTime wall_now() {
  return std::chrono::system_clock::now();
}

void show(const Globals& globals, const json& job) {
  if (globals.json)
    print_json(job);
  else
    print(job_view(job, globals.out, wall_now()));
}

Outcome<void> list(const Globals& globals, const JobVerbOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  json params = json::object();
  if (!options.state.empty()) params["state"] = options.state;
  if (options.limit) params["limit"] = *options.limit;
  const auto result = client->call("job.list", std::move(params));
  if (!result) return result.error();
  const json& jobs = member(*result, "jobs");
  if (globals.json) {
    print_json(*result);
  } else if (options.ids) {
    for (const json& job : jobs)
      print(text(job, "job_id") + "\n");
  } else if (jobs.is_array() && !jobs.empty()) {
    print(job_table(jobs, globals.out, wall_now()));
  }
  return {};
}

Outcome<void> get(const Globals& globals, const JobVerbOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto job = client->call("job.get", {{"job_id", options.id}});
  if (!job) return job.error();
  show(globals, *job);
  return {};
}

// The exit code is the job's own.
Outcome<void> wait(const Globals& globals, const JobVerbOptions& options) {
  JobRequest request;
  request.method = "job.wait";
  request.params = {{"job_id", options.id}};
  if (options.job.timeout) request.params["timeout"] = *options.job.timeout;
  request.job_id = options.id;
  request.watched = true;
  request.show_progress = wants_progress(globals, options.job);
  JobRun run(globals, std::move(request));
  const auto job = run.run();
  if (!job) return job.error();
  show(globals, *job);
  if (const json& error = member(*job, "error"); !error.is_null()) return failure_of(error);
  if (!is_final(text(*job, "state")))
    return Failure(Exit::timeout, "job " + options.id + " is not over yet");
  return {};
}

Outcome<void> cancel(const Globals& globals, const JobVerbOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto job = client->call("job.cancel", {{"job_id", options.id}});
  if (!job) return job.error();
  if (globals.json) print_json(*job);
  return {};
}

// Piece by piece, so that a body of any size goes through a little memory.
Outcome<void> copy_body(Client& client, const JobVerbOptions& options, int to) {
  json params = {{"job_id", options.id}};
  if (options.step) params["step"] = *options.step;
  std::uint64_t offset = 0;
  while (true) {
    params["offset"] = offset;
    const auto piece = client.call("job.read", params);
    if (!piece) return piece.error();
    const auto bytes = from_base64(text(*piece, "data_base64"));
    if (!bytes) return Failure(Exit::failed, "the daemon sends no base64");
    if (!write_all(to, *bytes)) return Failure(Exit::failed, "cannot write " + options.output);
    offset += bytes->size();
    if (member(*piece, "eof") == true) return {};
    // The job still runs, and has received no more yet.
    if (bytes->empty()) ::usleep(200'000);
  }
}

Outcome<void> read(const Globals& globals, const JobVerbOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  auto output = Output::open(options.output, Output::When::at_once);
  if (!output) return output.error();
  if (auto copied = copy_body(*client, options, output->file()); !copied) return copied;
  return output->keep();
}

void add_id(CLI::App* verb, JobVerbOptions& options) {
  verb->add_option("JOB", options.id, "Its number")->required()->type_name("");
}

void add_list(CLI::App& family, Plan& plan) {
  const auto options = std::make_shared<JobVerbOptions>();
  CLI::App* verb = family.add_subcommand("list", "Your jobs, the newest first; an admin sees all");
  verb->footer(
      R"(Jobs that are over are kept for an hour (job_ttl), none over a restart of the daemon.

Examples:
  sim52xxctl job list
  sim52xxctl job list --state failed
  sim52xxctl job list -q --state queued | xargs -n 1 sim52xxctl job cancel)");
  verb->add_option(
          "--state", options->state,
          R"(Only those that are queued, acquiring, connecting, sending, receiving, closing, done, failed or
cancelled)")
      ->type_name("STATE");
  verb->add_option("-n,--limit", options->limit, "At most so many")->type_name("N");
  verb->add_flag("-q,--quiet", options->ids, "Only their numbers");
  verb->callback(doing(plan, options, list));
}

void add_wait(CLI::App& family, Plan& plan) {
  const auto options = std::make_shared<JobVerbOptions>();
  CLI::App* verb = family.add_subcommand("wait", "Wait until a job is over, and show it");
  verb->footer(
      R"(The exit code is the job's own: 0 where it is done. Ctrl-C ends the waiting, not the job.

Example:
  job=$(sim52xxctl https get --detach https://example.com/big.bin -o big.bin)
  sim52xxctl job wait $job && echo it is there)");
  add_id(verb, *options);
  verb->add_option("-m,--max-time", options->job.timeout, "Wait no longer; exit code 7 then")
      ->type_name("SECONDS")
      ->check(check_seconds);
  verb->add_flag("-s,--silent", options->job.silent, "No progress bar");
  verb->callback(doing(plan, options, wait));
}

void add_read(CLI::App& family, Plan& plan) {
  const auto options = std::make_shared<JobVerbOptions>();
  CLI::App* verb = family.add_subcommand("read", "Fetch what a job has received");
  verb->footer(
      R"(For a job made with --detach and without -o. Follows one that still runs to its end.

Example:
  sim52xxctl job read 7 -o page.html)");
  add_id(verb, *options);
  verb->add_option("-o,--output", options->output, "Where it goes; -: standard output")
      ->type_name("FILE")
      ->capture_default_str();
  verb->add_option("--step", options->step,
                   "Of which step of ftps run, from 0; usually the first get")
      ->type_name("N");
  verb->callback(doing(plan, options, read));
}

}  // namespace

void add_job(CLI::App& app, Plan& plan) {
  CLI::App* family = app.add_subcommand("job", "Jobs: list, show, wait, cancel, read");
  family->require_subcommand(1);
  family->footer("Each has a --help of its own: sim52xxctl job wait --help");
  add_list(*family, plan);
  const auto shown = std::make_shared<JobVerbOptions>();
  CLI::App* verb = family->add_subcommand("show", "One job in full")->alias("get");
  verb->footer(R"(Example:
  sim52xxctl job show 7 --json | jq .result)");
  add_id(verb, *shown);
  verb->callback(doing(plan, shown, get));
  add_wait(*family, plan);
  const auto cancelled = std::make_shared<JobVerbOptions>();
  verb = family->add_subcommand("cancel", "Cancel a job");
  verb->footer(
      R"(The modem may need some time to get out of what it was doing.

Example:
  sim52xxctl job cancel 7)");
  add_id(verb, *cancelled);
  verb->callback(doing(plan, cancelled, cancel));
  add_read(*family, plan);
}

}  // namespace sim52xx::ctl
