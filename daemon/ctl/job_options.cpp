#include "daemon/ctl/job_options.hpp"

#include <cstdio>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "daemon/ctl/fields.hpp"

namespace sim52xx::ctl {

void add_job_options(CLI::App& verb, JobOptions& options) {
  verb.add_option("-m,--max-time", options.timeout, "Give up after so long, waiting included")
      ->type_name("SECONDS")
      ->check(check_seconds);
  verb.add_flag("-s,--silent", options.silent, "No progress bar and no notes; errors are shown");
  verb.add_flag("-S,--show-error", options.show_error, "As in curl; errors are shown anyway");
  verb.add_flag("--detach", options.detach,
                "Print the job's number and leave it to the daemon; see sim52xxctl job");
  verb.add_option("--ref", options.reference,
                  "Your own name for the job: the same one again makes no second job")
      ->type_name("NAME");
}

void put_job_options(json& params, const JobOptions& options) {
  if (options.timeout) params["timeout"] = *options.timeout;
  if (options.detach) params["detach"] = true;
  if (!options.reference.empty()) params["client_ref"] = options.reference;
}

bool wants_progress(const Globals& globals, const JobOptions& options) {
  return !options.silent && !options.detach && !globals.json && ::isatty(STDERR_FILENO) == 1;
}

Outcome<JobDone> run_job(const Globals& globals, const JobOptions& options, JobRequest request) {
  put_job_options(request.params, options);
  JobRun run(globals, std::move(request));
  auto result = run.run();
  if (!result) return result.error();
  JobDone done;
  done.seconds = run.seconds();
  if (!options.detach) {
    done.result = std::move(*result);
    return done;
  }
  if (globals.json)
    print_json(*result);
  else
    print(text(*result, "job_id") + "\n");
  return done;
}

void note(const Globals& globals, const JobOptions& options, const std::string& words) {
  if (!wants_progress(globals, options)) return;
  const std::string line = globals.err.paint(words, Ink::dim) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace sim52xx::ctl
