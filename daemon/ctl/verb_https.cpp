// https get, post, put, head, delete, request: a request through the modem's TLS, in curl's
// letters.
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/http_text.hpp"
#include "daemon/ctl/https_request.hpp"
#include "daemon/ctl/labels.hpp"
#include "daemon/ctl/output.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

int status_of(const json& result) {
  return static_cast<int>(number(result, "status").value_or(0));
}

std::string redirects_text(std::uint64_t redirects) {
  if (redirects == 0) return {};
  return std::to_string(redirects) + (redirects == 1 ? " redirect" : " redirects");
}

std::string verdict_text(const json& verified) {
  if (!verified.is_boolean()) return {};
  return verified == true ? "certificate checked by the modem" : "certificate not checked";
}

// For people who look at the terminal: what came of it, and what to think of the server.
std::string summary(const json& result, double seconds) {
  return Phrase()
      .add(status_text(status_of(result)))
      .add(speed_text(count(result, "bytes"), seconds))
      .add("via ", text(result, "via"))
      .add(redirects_text(count(result, "redirects")))
      .add(verdict_text(member(result, "verified")))
      .text();
}

Outcome<Output> open_output(const HttpsOptions& options, const HttpsRequest& request) {
  const auto when = options.job.detach ? Output::When::alone
                    : request.held     ? Output::When::held
                                       : Output::When::at_once;
  return Output::open(request.output, when);
}

Outcome<void> finish(const Globals& globals, const HttpsOptions& options, const JobDone& done,
                     std::optional<Output>& output) {
  const int status = status_of(done.result);
  if (options.fail && status >= 400)
    return Failure(Exit::failed, "the server answered " + status_text(status));
  const bool head = options.include || options.verb == "head";
  if (output)
    if (auto kept = output->keep(head ? head_text(done.result) : ""); !kept) return kept;
  if (globals.json)
    print_json(done.result);
  else if (head && !output)
    print(head_text(done.result));
  note(globals, options.job, summary(done.result, done.seconds));
  return {};
}

Outcome<void> run(const Globals& globals, const HttpsOptions& options) {
  auto request = make_https_request(options, globals.json);
  if (!request) return request.error();
  const Interrupts until_the_file_is_whole;
  JobRequest job;
  job.method = "https.request";
  job.params = std::move(request->params);
  const auto pass = [&job](const char* name, int fd) {
    job.params[name] = job.passed.size();
    job.passed.push_back(fd);
  };
  std::optional<Output> output;
  if (!request->output.empty()) {
    auto opened = open_output(options, *request);
    if (!opened) return opened.error();
    output.emplace(std::move(*opened));
    pass("response_fd", output->descriptor());
    job.pumps.push_back(&output->pump());
  }
  if (request->body) {
    pass("body_fd", request->body->passed.get());
    job.pumps.push_back(&request->body->pump);
  }
  job.when_passed = [&] {
    if (output) output->close_passed();
    if (request->body) request->body->passed.reset();
  };
  job.show_progress = wants_progress(globals, options.job) && !(output && output->on_terminal());
  const auto done = run_job(globals, options.job, std::move(job));
  if (!done) return done.error();
  if (options.job.detach) return {};
  return finish(globals, options, *done, output);
}

void add_output_options(CLI::App& verb, HttpsOptions& options) {
  verb.add_option("-o,--output", options.output,
                  "Where the body of the answer goes; -: standard output, which is the default")
      ->type_name("FILE");
  verb.add_flag("-O,--remote-name", options.remote_name, "Into a file named as in the URL");
  verb.add_flag("-i,--include", options.include, "Print the head of the answer before its body");
  verb.add_flag("-f,--fail", options.fail, "Answers from 400 on: print no body, exit with code 1");
  verb.add_option("--max-bytes", options.max_bytes, "Refuse a longer body (300, 64K, 1M)")
      ->type_name("SIZE");
}

void add_request_options(CLI::App& verb, HttpsOptions& options) {
  verb.add_option("URL", options.url, "https://HOST[:PORT][/PATH][?QUERY]")
      ->required()
      ->type_name("");
  verb.add_option("-X,--request", options.method, "Another method")->type_name("METHOD");
  verb.add_option("-H,--header", options.headers,
                  "'Name: value' to send; @FILE: one a line, for secrets")
      ->type_name("HEADER")
      ->allow_extra_args(false);
  verb.add_option(
          "-d,--data,--data-binary", options.data,
          R"(What to send; @FILE: what is in it, as it is; @-: standard input. Several are joined by &)")
      ->type_name("DATA")
      ->allow_extra_args(false);
  verb.add_option("-T,--upload-file", options.upload, "The same as -d @FILE; -: standard input")
      ->type_name("FILE");
  verb.add_flag("-L,--location", options.location, "Follow redirects");
  verb.add_option("--max-redirs", options.redirects, "At most so many")
      ->type_name("N")
      ->check(CLI::Range(0, 50).description(""))
      ->capture_default_str();
  verb.add_option(
          "--via", options.via,
          R"(https: the modem's HTTPS stack; ssl: a session of its SSL stack, which checks certificates;
auto: ssl while somebody has a session open)")
      ->type_name("WAY")
      ->check(CLI::IsMember({"auto", "https", "ssl"}).description(""))
      ->capture_default_str();
}

struct HttpsVerbText {
  const char* name;
  const char* summary;
  const char* examples;
};

constexpr std::array https_texts{
    HttpsVerbText{"get", "Fetch a page or a file",
                  R"(  sim52xxctl https get https://api.example.com/config.json -o config.json
  sim52xxctl https get -f -m 300 https://example.com/firmware.bin -O
  sim52xxctl https get --via ssl https://example.com/ | head)"},
    HttpsVerbText{"post", "Send data",
                  R"(  sim52xxctl https post https://api.example.com/t -d temperature=21.5 -d unit=C
  sim52xxctl https post https://api.example.com/log -d @/var/log/today.log
  sensor | sim52xxctl https post https://api.example.com/t -d @- \
      -H 'Content-Type: application/json' -H @/etc/sim52xx/token.header)"},
    HttpsVerbText{
        "put", "Send a file to where it shall be",
        "  sim52xxctl https put -T backup.tar.gz https://example.com/backup/today.tar.gz"},
    HttpsVerbText{"head", "Ask for the head of an answer only",
                  "  sim52xxctl https head https://example.com/firmware.bin"},
    HttpsVerbText{"delete", "Delete something on the server",
                  "  sim52xxctl https delete https://api.example.com/device/7"},
    HttpsVerbText{"request", "A request with any method",
                  R"(  sim52xxctl https request -X PATCH https://api.example.com/device/7 \
      -d '{"name":"roof"}' -H 'Content-Type: application/json')"},
};

constexpr const char* about_https =
    R"(

The options are curl's. Other than with curl, -d @FILE sends every byte of it, with the type
application/octet-stream unless -H says another; -d DATA is a form as with curl. A file given by
-o is there when it is whole, and not before. Ctrl-C cancels the job.

Exit codes: 0 the server answered (whatever, unless -f), 1 failed, 6 the modem does not trust
the server, 7 timeout, 130 Ctrl-C; all of them: sim52xxctl --help)";

}  // namespace

void add_https(CLI::App& app, Plan& plan) {
  CLI::App* family = app.add_subcommand("https", "Requests to web servers: get, post, put and others");
  family->require_subcommand(1);
  family->footer("Each has a --help of its own: sim52xxctl https get --help");
  for (const HttpsVerbText& words : https_texts) {
    const auto options = std::make_shared<HttpsOptions>();
    options->verb = words.name;
    CLI::App* verb = family->add_subcommand(words.name, words.summary);
    verb->footer(std::string("Examples:\n") + words.examples + about_https);
    add_request_options(*verb, *options);
    add_output_options(*verb, *options);
    add_job_options(*verb, options->job);
    verb->callback(doing(plan, options, run));
  }
}

}  // namespace sim52xx::ctl
