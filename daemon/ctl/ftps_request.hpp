// An ftps verb, or a file of steps, as the parameters of ftps.run, with the local files that belong
// to its steps.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/failure.hpp"
#include "daemon/ctl/input_file.hpp"
#include "daemon/ctl/job_options.hpp"
#include "daemon/ctl/output.hpp"
#include "daemon/ctl/password.hpp"

namespace sim52xx::ctl {

struct FtpsOptions {
  std::string verb;  // "ls", "put", ..., "run"
  std::string url;
  std::string file;  // local: of put, of run
  std::string output = "-";
  bool remote_name = false;
  std::string user;
  PasswordOptions password;
  bool ascii = false;
  bool verify = false;
  bool raw = false;    // of ls
  bool names = false;  // of ls
  int dir = 1;         // of the modem
  JobOptions job;
};

// A local file and the step that it is for.
struct FtpsFile {
  std::size_t step = 0;
  std::optional<Input> input;
  std::optional<Output> output;
};

struct FtpsRequest {
  json params = json::object();
  std::list<FtpsFile> files;  // their addresses stay
};

Outcome<FtpsRequest> make_ftps_request(const FtpsOptions& options);

// As one job to run; refers to the request's files.
JobRequest job_of(FtpsRequest& request);

// The files that were received for steps before `done` are whole.
Outcome<void> keep_files(FtpsRequest& request, std::size_t done);

}  // namespace sim52xx::ctl
