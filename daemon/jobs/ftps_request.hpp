// What an FTPS job is asked to do: plain values, made by the control method, checked by
// ftps_job.hpp before anything is sent.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/body/body.hpp"

namespace sim52xx::daemon {

enum class FtpsOp : std::uint8_t {
  pwd,
  cwd,
  mkdir,
  rmdir,
  remove,
  list,
  put,
  get,
  put_efs,
  get_efs,
};

struct FtpsStep {
  FtpsOp op = FtpsOp::pwd;
  std::string path;     // on the server; empty for pwd, and for list: the current directory
  int dir = 1;          // of put_efs, get_efs: the modem's directory, 0 to 8 (1 is C:/Picture)
  bool verify = false;  // of put: compare the size in a listing afterwards
  std::unique_ptr<Source> body;    // of put
  std::unique_ptr<Sink> response;  // of get
};

struct FtpsRequest {
  std::string host;
  int port = 21;
  std::string user;
  std::string password;  // never shown
  char type = 'I';       // 'A' or 'I'
  std::vector<FtpsStep> steps;
};

}  // namespace sim52xx::daemon
