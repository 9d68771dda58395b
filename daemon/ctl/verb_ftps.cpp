// ftps ls, get, put, rm, mkdir, rmdir, pwd, put-efs, get-efs, run: files on servers with FTP over
// TLS, through the modem's own stack.
#include <algorithm>

#include <CLI/CLI.hpp>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/ftps_request.hpp"
#include "daemon/ctl/ftps_view.hpp"
#include "daemon/ctl/labels.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

// The daemon's answer to each step, and where it was asked to do it.
json with_paths(json steps, const json& asked) {
  if (!steps.is_array() || !asked.is_array()) return steps;
  for (std::size_t i = 0; i < std::min(steps.size(), asked.size()); ++i)
    if (steps[i].is_object() && !steps[i].contains("path") && asked[i].contains("path"))
      steps[i]["path"] = asked[i]["path"];
  return steps;
}

void show_last(const Globals& globals, const FtpsOptions& options, const FtpsRequest& request,
               const JobDone& done) {
  const json steps = with_paths(member(done.result, "steps"), member(request.params, "steps"));
  const json last = steps.is_array() && !steps.empty() ? steps.back() : json();
  if (options.verb == "ls") {
    const Listing form = options.raw     ? Listing::raw
                         : options.names ? Listing::names
                                         : Listing::table;
    print(listing_text(member(last, "entries"), form, globals.out));
  } else if (options.verb == "pwd") {
    print(text(last, "path") + "\n");
  } else if (options.verb == "run") {
    print(steps_text(steps, globals.out));
  } else if (member(last, "bytes").is_number()) {
    note(globals, options.job,
         Phrase()
             .add(speed_text(count(last, "bytes"), done.seconds))
             .add(member(last, "verified") == true ? "size verified" : "")
             .text());
  }
}

// What was done before the failure stays done, and is told.
Outcome<void> after_failure(const Globals& globals, FtpsRequest& request, Failure failure) {
  const json& partial = member(member(failure.error, "data"), "partial");
  const json& steps = member(partial, "steps");
  if (!steps.is_array() || steps.empty()) return failure;
  if (auto kept = keep_files(request, steps.size()); !kept) return kept;
  if (!globals.json)
    print(steps_text(with_paths(steps, member(request.params, "steps")), globals.out));
  return failure;
}

Outcome<void> run(const Globals& globals, const FtpsOptions& options) {
  auto request = make_ftps_request(options);
  if (!request) return request.error();
  const Interrupts until_the_files_are_whole;
  JobRequest job = job_of(*request);
  bool on_terminal = false;
  for (const FtpsFile& file : request->files)
    on_terminal = on_terminal || (file.output && file.output->on_terminal());
  job.show_progress = wants_progress(globals, options.job) && !on_terminal;
  auto done = run_job(globals, options.job, std::move(job));
  if (!done) return after_failure(globals, *request, std::move(done.error()));
  if (options.job.detach) return {};
  if (auto kept = keep_files(*request, SIZE_MAX); !kept) return kept;
  if (globals.json)
    print_json(done->result);
  else
    show_last(globals, options, *request, *done);
  return {};
}

struct FtpsVerbText {
  const char* name;
  const char* summary;
  const char* examples;
};

constexpr std::array ftps_texts{
    FtpsVerbText{"ls", "List a directory",
                 R"(  sim52xxctl ftps ls ftps://me@files.example.com/reports
  sim52xxctl ftps ls --names ftps://me@files.example.com/ | grep 2026)"},
    FtpsVerbText{"get", "Fetch a file",
                 R"(  sim52xxctl ftps get ftps://me@files.example.com/config.bin -O
  sim52xxctl ftps get ftps://me@files.example.com/list.txt | sort)"},
    FtpsVerbText{"put", "Send a file; to a URL that ends with / under its own name",
                 R"(  sim52xxctl ftps put today.csv ftps://me@files.example.com/reports/ --verify
  measure | sim52xxctl ftps put - ftps://me@files.example.com/now.txt)"},
    FtpsVerbText{"rm", "Delete a file", "  sim52xxctl ftps rm ftps://me@files.example.com/old.txt"},
    FtpsVerbText{"mkdir", "Make a directory",
                 "  sim52xxctl ftps mkdir ftps://me@files.example.com/reports/2026"},
    FtpsVerbText{"rmdir", "Remove an empty directory",
                 "  sim52xxctl ftps rmdir ftps://me@files.example.com/reports/2025"},
    FtpsVerbText{"pwd", "Show in which directory one is after the login",
                 "  sim52xxctl ftps pwd ftps://me@files.example.com/"},
    FtpsVerbText{"put-efs", "Send a file that is in the modem's own file system",
                 "  sim52xxctl ftps put-efs ftps://me@files.example.com/photo.jpg --dir 1"},
    FtpsVerbText{"get-efs", "Fetch a file into the modem's own file system",
                 "  sim52xxctl ftps get-efs ftps://me@files.example.com/photo.jpg --dir 1"},
};

constexpr const char* about_ftps =
    R"(

The path of a URL begins in the directory of the login; a second slash makes it absolute, as
with curl: ftps://me@host//etc. TLS is explicit (AUTH), and so is the port: 21.

The password is asked for on the terminal, or read from --password-file, or from the environment
(SIM52XX_PASSWORD), or the daemon has it under the name of a credential. It is never given as an
argument, which everybody on the machine could read.)";

constexpr const char* run_text =
    R"(FILE is a JSON object (with comments, if you like): host, port, user, and steps, each with its
op (pwd, cwd, mkdir, rmdir, delete, list, put, get, put_efs, get_efs), path, dir, verify; put
and get have file, a local one. The first step that fails ends the job.

Example:
  { "host": "files.example.com", "user": "me",
    "password_credential": "ftps-password",
    "steps": [
      {"op": "cwd", "path": "/reports"},
      {"op": "put", "path": "today.csv", "file": "/var/log/today.csv"},
      {"op": "delete", "path": "yesterday.csv"} ] })";

void add_login_options(CLI::App& verb, FtpsOptions& options) {
  verb.add_option("-u,--user", options.user, "Who to log in as, instead of the URL's")
      ->type_name("USER");
  verb.add_option("--password-file", options.password.file,
                  "The password is its first line; -: of standard input")
      ->type_name("FILE");
  verb.add_option("--password-credential", options.password.credential,
                  "The daemon's systemd credential of that name")
      ->type_name("NAME");
  add_job_options(verb, options.job);
}

void add_special_options(CLI::App& verb, FtpsOptions& options) {
  if (options.verb == "get") {
    verb.add_option("-o,--output", options.output, "Where the file goes; -: standard output")
        ->type_name("FILE")
        ->capture_default_str();
    verb.add_flag("-O,--remote-name", options.remote_name, "Into a file named as in the URL");
  }
  if (options.verb == "put")
    verb.add_flag("--verify", options.verify, "Compare the size in a listing afterwards");
  if (options.verb == "put" || options.verb == "get")
    verb.add_flag("-B,--ascii,--use-ascii", options.ascii, "As text: line ends may change");
  if (options.verb == "ls") {
    verb.add_flag("-1,--names,-l,--list-only", options.names, "Only the names, one a line");
    verb.add_flag("--raw", options.raw, "The server's own lines");
  }
  if (options.verb.ends_with("-efs"))
    verb.add_option(
            "--dir", options.dir,
            R"(The modem's directory: 0 the current one (the only one of a SIM5320), 1 C:/Picture, 2 C:/Video,
3 C:/VideoCall, 4 D:/Picture, 5 D:/Video, 6 D:/VideoCall, 7 C:/Audio, 8 D:/Audio)")
        ->type_name("N")
        ->check(CLI::Range(0, 8).description(""))
        ->capture_default_str();
}

void add_run(CLI::App& family, Plan& plan) {
  const auto options = std::make_shared<FtpsOptions>();
  options->verb = "run";
  CLI::App* verb = family.add_subcommand("run", "Do the steps of a file in one login");
  verb->footer(run_text);
  verb->add_option("FILE", options->file, "The steps; -: standard input")
      ->required()
      ->type_name("");
  add_login_options(*verb, *options);
  verb->callback(doing(plan, options, run));
}

}  // namespace

void add_ftps(CLI::App& app, Plan& plan) {
  CLI::App* family = app.add_subcommand("ftps", "Files on FTP servers with TLS: ls, get, put and others");
  family->require_subcommand(1);
  family->footer("Each has a --help of its own: sim52xxctl ftps put --help");
  for (const FtpsVerbText& words : ftps_texts) {
    const auto options = std::make_shared<FtpsOptions>();
    options->verb = words.name;
    CLI::App* verb = family->add_subcommand(words.name, words.summary);
    verb->footer(std::string("Examples:\n") + words.examples + about_ftps);
    if (options->verb == "put")
      verb->add_option("FILE", options->file, "What to send; -: standard input")
          ->required()
          ->type_name("");
    verb->add_option("URL", options->url, "ftps://USER@HOST[:PORT]/PATH")
        ->required()
        ->type_name("");
    add_special_options(*verb, *options);
    add_login_options(*verb, *options);
    verb->callback(doing(plan, options, run));
  }
  add_run(*family, plan);
}

}  // namespace sim52xx::ctl
