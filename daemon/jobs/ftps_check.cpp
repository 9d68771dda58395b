// What an FTPS job refuses before anything is sent: whatever the modem's command line or its file
// system could not take, by the name of the field.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "daemon/jobs/ftps_job.hpp"
#include "protocol/command.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::size_t most_text = 256;  // of every profile: host, path, user, password
constexpr std::size_t most_steps = 1000;
constexpr int last_dir = 8;  // of the modem's directories

enum class Path : std::uint8_t { none, optional, directory, file };

struct Op {
  FtpsOp op;
  std::string_view name;
  Path path;
};

constexpr std::array<Op, 10> ops{{
    {FtpsOp::pwd, "pwd", Path::none},
    {FtpsOp::cwd, "cwd", Path::directory},
    {FtpsOp::mkdir, "mkdir", Path::directory},
    {FtpsOp::rmdir, "rmdir", Path::directory},
    {FtpsOp::remove, "delete", Path::file},
    {FtpsOp::list, "list", Path::optional},
    {FtpsOp::put, "put", Path::file},
    {FtpsOp::get, "get", Path::file},
    {FtpsOp::put_efs, "put_efs", Path::file},
    {FtpsOp::get_efs, "get_efs", Path::file},
}};

Error invalid(const std::string& field, const std::string& why) {
  return {ErrorKind::invalid, "request", field + " " + why};
}

std::string why_not(Path wanted, std::string_view path) {
  if (wanted == Path::none) return path.empty() ? "" : "is given, but the operation has none";
  if (path.empty()) return wanted == Path::optional ? "" : "is empty";
  if (wanted == Path::file && path.ends_with('/')) return "names a directory";
  return why_not_path(path, most_text);
}

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// The modem keeps the file under the last part of its path; SIM52xx manuals, chapter 13.
std::string why_not_stored(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto first = static_cast<unsigned char>(name.front());
  if (first < 0x80 && !is_alnum(name.front()) && first != '_')
    return "is no name the modem's file system can have: it must begin with a letter, a digit or _";
  if (name.find_first_of("\\:*?\"<>|,;") != std::string_view::npos)
    return "is no name the modem's file system can have: it contains one of \\ : * ? \" < > | , ;";
  if (name.ends_with('.')) return "is no name the modem's file system can have: it ends with a dot";
  return {};
}

Result<void> check_step(const FtpsStep& step, char type, const std::string& field) {
  const Op& op = *std::ranges::find(ops, step.op, &Op::op);
  const bool stored = step.op == FtpsOp::put_efs || step.op == FtpsOp::get_efs;
  std::string why = why_not(op.path, step.path);
  if (why.empty() && stored) why = why_not_stored(step.path);
  if (!why.empty()) return invalid(field + ".path", why);
  if (stored && (step.dir < 0 || step.dir > last_dir))
    return invalid(field + ".dir", "is " + std::to_string(step.dir) + ", allowed is 0 to 8");
  if ((step.op == FtpsOp::put) != (step.body != nullptr))
    return invalid(field + ".body", step.body ? "is given, but only put has one" : "is missing");
  if ((step.op == FtpsOp::get) != (step.response != nullptr))
    return invalid(field + ".response",
                   step.response ? "is given, but only get has one" : "is missing");
  if (step.verify && (step.op != FtpsOp::put || type != 'I'))
    return invalid(field + ".verify", step.op == FtpsOp::put
                                          ? "needs type I: as text, a file changes its size"
                                          : "is given, but only put has one");
  if (step.body && step.body->size() == 0)
    return Error(ErrorKind::unsupported, "request",
                 field + ".body is empty: the modem cannot put an empty file on a server");
  return {};
}

}  // namespace

std::string_view name(FtpsOp op) {
  return std::ranges::find(ops, op, &Op::op)->name;
}

std::optional<FtpsOp> find_ftps_op(std::string_view name) {
  const auto* const op = std::ranges::find(ops, name, &Op::name);
  if (op == ops.end()) return std::nullopt;
  return op->op;
}

Result<void> FtpsJob::check(const FtpsRequest& request) {
  if (const std::string why = why_not_host(request.host, most_text); !why.empty())
    return invalid("host", why);
  if (request.port < 1 || request.port > 65535)
    return invalid("port", "is " + std::to_string(request.port) + ", allowed is 1 to 65535");
  if (request.user.empty()) return invalid("user", "is empty");
  if (const std::string why = why_not_text(request.user, most_text); !why.empty())
    return invalid("user", why);
  if (const std::string why = why_not_text(request.password, most_text); !why.empty())
    return invalid("password", why);
  if (request.type != 'A' && request.type != 'I')
    return invalid("type", "is neither A (text) nor I (binary)");
  if (request.steps.empty()) return invalid("steps", "is empty: there is nothing to do");
  if (request.steps.size() > most_steps)
    return invalid("steps", "are too many (" + std::to_string(request.steps.size()) + ", at most " +
                                std::to_string(most_steps) + ")");
  for (std::size_t i = 0; i < request.steps.size(); ++i) {
    auto checked = check_step(request.steps[i], request.type, "steps[" + std::to_string(i) + "]");
    if (!checked) return checked;
  }
  return {};
}

}  // namespace sim52xx::daemon
