#include "daemon/ctl/ftps_request.hpp"

#include <array>
#include <utility>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/ftps_url.hpp"

namespace sim52xx::ctl {
namespace {

struct VerbOp {
  std::string_view verb;
  std::string_view op;
  bool needs_path;
};

constexpr std::array ops{
    VerbOp{"ls", "list", false},        VerbOp{"get", "get", true},
    VerbOp{"put", "put", true},         VerbOp{"rm", "delete", true},
    VerbOp{"mkdir", "mkdir", true},     VerbOp{"rmdir", "rmdir", true},
    VerbOp{"pwd", "pwd", false},        VerbOp{"put-efs", "put_efs", true},
    VerbOp{"get-efs", "get_efs", true},
};

const VerbOp& op_of(const std::string& verb) {
  for (const VerbOp& known : ops)
    if (known.verb == verb) return known;
  return ops.front();
}

// "put FILE ftps://host/dir/" gives the file its own name there.
Outcome<std::string> remote_path(const FtpsOptions& options, std::string path) {
  if (options.verb != "put" || (!path.empty() && !path.ends_with('/'))) return path;
  if (options.file == "-")
    return misuse("how shall standard input be called on the server?",
                  {"the URL must end with the name of a file"});
  return path.append(base_name(options.file));
}

Outcome<void> add_input(FtpsRequest& request, std::size_t step, const std::string& path,
                        bool detached) {
  auto input = open_input(path, detached);
  if (!input) return input.error();
  request.files.emplace_back();
  request.files.back().step = step;
  request.files.back().input.emplace(std::move(*input));
  return {};
}

Outcome<void> add_output(FtpsRequest& request, std::size_t step, const std::string& path,
                         bool detached) {
  if (detached && path == "-")
    return misuse("with --detach the file goes to a file: -o FILE, or -O");
  auto output = Output::open(path, detached ? Output::When::alone : Output::When::at_once);
  if (!output) return output.error();
  request.files.emplace_back();
  request.files.back().step = step;
  request.files.back().output.emplace(std::move(*output));
  return {};
}

// Where get puts the file.
Outcome<std::string> local_name(const FtpsOptions& options, const std::string& path) {
  if (!options.remote_name) return options.output;
  if (options.output != "-") return misuse("-o and -O both say where the file goes");
  const std::string name(base_name(path));
  if (name.empty() || name == "." || name == "..")
    return misuse("-O: the URL ends without the name of a file", {"-o FILE names one"});
  return name;
}

Outcome<void> put_server(json& params, const FtpsUrl& url, const FtpsOptions& options) {
  params["host"] = url.host;
  if (url.port) params["port"] = *url.port;
  const std::string user = options.user.empty() ? url.user : options.user;
  if (user.empty())
    return misuse("who are you to " + url.host + "?", {"ftps://USER@HOST/..., or --user USER"});
  params["user"] = user;
  if (options.ascii) params["type"] = "A";
  return put_password(params, options.password, user + " at " + url.host);
}

Outcome<void> add_step(FtpsRequest& request, const FtpsOptions& options, const FtpsUrl& url) {
  const VerbOp& op = op_of(options.verb);
  const auto path = remote_path(options, url.path);
  if (!path) return path.error();
  if (op.needs_path && path->empty())
    return misuse("the URL names nothing on the server: " + printable(options.url));
  json steps = json::array();
  if (op.op == "pwd" && !path->empty()) steps.push_back({{"op", "cwd"}, {"path", *path}});
  json step = {{"op", op.op}};
  if (op.op != "pwd" && !path->empty()) step["path"] = *path;
  if (options.verb.ends_with("-efs")) step["dir"] = options.dir;
  if (options.verb == "put" && options.verify) step["verify"] = true;
  steps.push_back(std::move(step));
  request.params["steps"] = std::move(steps);
  if (options.verb == "put") return add_input(request, 0, options.file, options.job.detach);
  if (options.verb != "get") return {};
  const auto name = local_name(options, *path);
  if (!name) return name.error();
  return add_output(request, 0, *name, options.job.detach);
}

// The steps of a file have `file`, a local one, where the method has descriptors.
Outcome<void> add_files(FtpsRequest& request, bool detached) {
  json& steps = request.params["steps"];
  for (std::size_t i = 0; i < steps.size(); ++i) {
    json& step = steps[i];
    const auto file = step.is_object() ? step.find("file") : step.end();
    if (!step.is_object() || file == step.end()) continue;
    const std::string path = plain(*file);
    step.erase("file");
    const bool put = text(step, "op") == "put";
    if (!put && text(step, "op") != "get")
      return misuse("steps[" + std::to_string(i) + "].file: only put and get have a file");
    auto added =
        put ? add_input(request, i, path, detached) : add_output(request, i, path, detached);
    if (!added) return added;
  }
  return {};
}

Outcome<FtpsRequest> from_file(const FtpsOptions& options) {
  const auto text_of_file = read_whole(options.file);
  if (!text_of_file) return text_of_file.error();
  FtpsRequest request;
  request.params = json::parse(*text_of_file, nullptr, false, true);
  if (!request.params.is_object() || !member(request.params, "steps").is_array())
    return misuse(options.file + " must hold a JSON object with host, user and steps");
  if (!options.user.empty()) request.params["user"] = options.user;
  const std::string what = text(request.params, "user") + " at " + text(request.params, "host");
  if (auto put = put_password(request.params, options.password, what); !put) return put.error();
  if (auto added = add_files(request, options.job.detach); !added) return added.error();
  return request;
}

}  // namespace

Outcome<FtpsRequest> make_ftps_request(const FtpsOptions& options) {
  if (options.verb == "run") return from_file(options);
  const auto url = parse_ftps_url(options.url);
  if (!url) return url.error();
  FtpsRequest request;
  if (auto put = put_server(request.params, *url, options); !put) return put.error();
  if (auto added = add_step(request, options, *url); !added) return added.error();
  return request;
}

JobRequest job_of(FtpsRequest& request) {
  JobRequest job;
  job.method = "ftps.run";
  job.params = request.params;
  for (FtpsFile& file : request.files) {
    json& step = job.params["steps"][file.step];
    step[file.input ? "body_fd" : "response_fd"] = job.passed.size();
    job.passed.push_back(file.input ? file.input->passed.get() : file.output->descriptor());
    job.pumps.push_back(file.input ? &file.input->pump : &file.output->pump());
  }
  job.when_passed = [&request] {
    for (FtpsFile& file : request.files) {
      if (file.input) file.input->passed.reset();
      if (file.output) file.output->close_passed();
    }
  };
  return job;
}

Outcome<void> keep_files(FtpsRequest& request, std::size_t done) {
  for (FtpsFile& file : request.files)
    if (file.output && file.step < done)
      if (auto kept = file.output->keep(); !kept) return kept;
  return {};
}

}  // namespace sim52xx::ctl
