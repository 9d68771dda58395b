// FtpsStack: what is one command each (note, 3.3 to 3.8).
#include "daemon/stacks/ftps_error.hpp"
#include "daemon/stacks/ftps_stack.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::daemon {

// Note, 3.3. Later firmware prints the directory behind the OK.
asio::awaitable<Result<std::string>> FtpsStack::pwd() {
  if (const auto lost = no_login()) co_return *lost;
  const Ways ways = plain(CommandId::ftps_pwd);
  auto outcome = co_await run(CommandId::ftps_pwd, ways);
  if (!outcome) co_return outcome.error();
  std::string_view path;
  for (const std::string& line : outcome->lines)
    path = Fields(line).rest();
  const bool text = outcome->final == Final::ok && !ftps_code(*outcome) && !path.empty();
  if (!text) co_return ftps_refusal("tell the current directory", shown_as(ways), *outcome);
  if (path.size() >= 2 && path.starts_with('"') && path.ends_with('"'))
    path = path.substr(1, path.size() - 2);
  co_return std::string(path);
}

asio::awaitable<Result<void>> FtpsStack::on_path(CommandId id, const std::string& path,
                                                 std::string_view doing) {
  if (const auto lost = no_login()) co_return *lost;
  const Ways ways = spelling_.ways(id, [&](std::string_view name) {
    return CommandBuilder(name).path("path", path, modem_.profile().limits.text);
  });
  auto outcome = co_await run(id, ways);
  if (!outcome) co_return outcome.error();
  if (outcome->ok()) co_return Result<void>();
  co_return ftps_refusal(std::string(doing) + " " + path, shown_as(ways), *outcome);
}

asio::awaitable<Result<void>> FtpsStack::cwd(const std::string& path) {
  return on_path(CommandId::ftps_cwd, path, "change to");
}

asio::awaitable<Result<void>> FtpsStack::mkdir(const std::string& path) {
  return on_path(CommandId::ftps_mkdir, path, "make the directory");
}

asio::awaitable<Result<void>> FtpsStack::rmdir(const std::string& path) {
  return on_path(CommandId::ftps_rmdir, path, "remove the directory");
}

asio::awaitable<Result<void>> FtpsStack::remove(const std::string& path) {
  return on_path(CommandId::ftps_delete, path, "delete");
}

// Note, 6.2: I; its 3.8 prints 1, where a modem knows that only.
asio::awaitable<Result<void>> FtpsStack::type(char type) {
  if (const auto lost = no_login()) co_return *lost;
  const std::string_view name = modem_.profile().row(CommandId::ftps_type).names[0];
  Ways ways{CommandBuilder(name).word("type", std::string_view(&type, 1))};
  if (type == 'I') ways.push_back(CommandBuilder(name).number("type", 1, 0, 1));
  auto outcome = co_await run(CommandId::ftps_type, ways);
  if (!outcome) co_return outcome.error();
  if (outcome->ok()) co_return Result<void>();
  co_return ftps_refusal("set the transfer type", shown_as(ways), *outcome);
}

}  // namespace sim52xx::daemon
