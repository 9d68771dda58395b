// FtpsStack: listings and files (note, 3.9 to 3.13).
#include <algorithm>
#include <utility>

#include "daemon/stacks/ftps_error.hpp"
#include "daemon/stacks/ftps_stack.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

// As measured on a SIM5320: beyond that much the module chokes.
constexpr std::size_t most_unsent = 6144;
constexpr std::size_t resume_at = 2048;
constexpr auto first_look = 1ms;  // between two questions how much is unsent; doubles
constexpr auto last_look = 1s;
// The modem gives no sign of life while it moves a file of its own, and has its own transfer timer
// for a server that gives none: ours is only for a modem that hangs.
constexpr int longest_file = 15;

// A listing, as far as it is bearable.
class Listing final : public BlockSink {
 public:
  void on_block(std::string_view bytes) override {
    const std::size_t room = FtpsStack::longest_listing - text.size();
    text.append(bytes.substr(0, room));
    if (bytes.size() > room) too_long = true;
  }
  void on_block_cut() override { cut = true; }

  std::string text;
  bool too_long = false;
  bool cut = false;
};

Error ended() {
  return {ErrorKind::cancelled, "command", "it was told to end"};
}

// Fills `block` as far as the source goes.
asio::awaitable<Result<void>> fill(Source& from, std::string& block, std::size_t most) {
  block.resize(most);
  std::size_t count = 0;
  while (count < most) {
    auto got = co_await from.read(block.data() + count, most - count);
    if (!got) co_return got.error();
    if (*got == 0) break;
    count += *got;
  }
  block.resize(count);
  co_return Result<void>();
}

}  // namespace

asio::awaitable<Result<std::string>> FtpsStack::list(const std::string& path,
                                                     FtpsTransfer& transfer) {
  if (const auto lost = no_login()) co_return *lost;
  const Ways ways = spelling_.ways(CommandId::ftps_list, [&](std::string_view name) {
    CommandBuilder builder(name);
    if (!path.empty()) builder.path("path", path, modem_.profile().limits.text);
    return builder;
  });
  Listing listing;
  auto outcome =
      co_await run_long(CommandId::ftps_list, ways, timeouts_.transfer, &listing, transfer);
  if (!outcome) co_return outcome.error();
  if (!outcome->ok()) co_return ftps_refusal("list " + path, shown_as(ways), *outcome);
  if (transfer.ended) co_return ended();
  if (listing.cut)
    co_return Error(ErrorKind::interrupted, "receive", "the modem lost a part of the listing");
  if (listing.too_long)
    co_return Error(ErrorKind::limit, "receive",
                    "the listing has more than " + std::to_string(longest_listing) + " bytes");
  co_return std::move(listing.text);
}

asio::awaitable<Result<void>> FtpsStack::get(const std::string& path, Sink& to,
                                             FtpsTransfer& transfer) {
  if (const auto lost = no_login()) co_return *lost;
  const Ways ways = spelling_.ways(CommandId::ftps_get, [&](std::string_view name) {
    return CommandBuilder(name).path("path", path, modem_.profile().limits.text);
  });
  FtpsDownload download(runtime_, modem_.channel(), to, transfer.changed);
  tasks_.spawn("ftps get", fetch(ways, download, transfer));
  std::string piece(16384, '\0');
  while (!download.over()) {
    if (transfer.ended) download.fail(ended());
    const std::size_t count = download.take(piece.data(), piece.size());
    if (count == 0) {
      co_await transfer.changed.wait();
      continue;
    }
    auto written = co_await to.write(std::string_view(piece.data(), count));
    if (written) {
      if (transfer.moved) transfer.moved(count);
      continue;
    }
    download.fail(written.error());
    transfer.end();
  }
  if (download.failure()) co_return *download.failure();
  const Result<Outcome>& answer = download.answer();
  if (!answer) co_return answer.error();
  if (!answer->ok()) co_return ftps_refusal("get " + path, shown_as(ways), *answer);
  co_return Result<void>();
}

asio::awaitable<void> FtpsStack::fetch(const Ways& ways, FtpsDownload& download,
                                       FtpsTransfer& transfer) {
  auto answer =
      co_await run_long(CommandId::ftps_get, ways, timeouts_.transfer, &download, transfer);
  download.finish(std::move(answer));
}

asio::awaitable<Result<void>> FtpsStack::put_file(const std::string& path, int dir,
                                                  FtpsTransfer& transfer) {
  return move_file(CommandId::ftps_put_file, path, dir, "put", transfer);
}

asio::awaitable<Result<void>> FtpsStack::get_file(const std::string& path, int dir,
                                                  FtpsTransfer& transfer) {
  return move_file(CommandId::ftps_get_file, path, dir, "get", transfer);
}

// The manuals have the name first, the note has the directory first.
asio::awaitable<Result<void>> FtpsStack::move_file(CommandId id, const std::string& path, int dir,
                                                   std::string_view doing, FtpsTransfer& transfer) {
  if (const auto lost = no_login()) co_return *lost;
  const std::size_t most = modem_.profile().limits.text;
  const std::string_view name = modem_.profile().row(id).names[0];
  const CommandBuilder manual =
      CommandBuilder(name).path("path", path, most).number("dir", dir, 0, 8);
  const CommandBuilder noted =
      CommandBuilder(name).number("dir", dir, 0, 8).path("path", path, most);
  const Ways ways{manual, noted};
  const Duration silence = timeouts_.transfer * longest_file;
  auto outcome = co_await run_long(id, ways, silence, nullptr, transfer);
  if (!outcome) co_return outcome.error();
  if (outcome->ok()) co_return Result<void>();
  co_return ftps_refusal(std::string(doing) + " " + path + " of its own files", shown_as(ways),
                         *outcome);
}

// The first block is read before anything is sent: the modem cannot put an empty file.
asio::awaitable<Result<void>> FtpsStack::put(const std::string& path, Source& from,
                                             FtpsTransfer& transfer) {
  if (const auto lost = no_login()) co_return *lost;
  const std::size_t most = modem_.profile().limits.ftps_put;
  std::string block;
  auto filled = co_await fill(from, block, most);
  if (!filled) co_return filled;
  if (block.empty())
    co_return Error(ErrorKind::unsupported, "send",
                    "the file is empty, and the modem cannot put an empty file on a server");
  if (transfer.ended) co_return ended();
  unsent_ = 0;
  can_tell_ = true;
  const auto length = static_cast<std::int64_t>(block.size());
  const Ways first = spelling_.ways(CommandId::ftps_put_first, [&](std::string_view name) {
    return CommandBuilder(name)
        .path("path", path, modem_.profile().limits.text)
        .number("length", length, 1, length);
  });
  auto begun = co_await put_block(CommandId::ftps_put_first, first, block, transfer);
  if (!begun) co_return begun;
  auto sent = co_await put_blocks(from, block, transfer);
  if (!sent) {
    unclear_ = true;  // nobody knows how a put is given up
    co_return sent;
  }
  const Ways commit = plain(CommandId::ftps_put_commit);
  auto outcome = co_await said(CommandId::ftps_put_commit, commit, std::string_view());
  if (!outcome) co_return outcome.error();
  if (outcome->ok()) co_return Result<void>();
  co_return ftps_refusal("put " + path, shown_as(commit), *outcome);
}

asio::awaitable<Result<void>> FtpsStack::put_blocks(Source& from, std::string& block,
                                                    FtpsTransfer& transfer) {
  for (;;) {
    auto filled = co_await fill(from, block, modem_.profile().limits.ftps_put);
    if (!filled) co_return filled;
    if (block.empty()) co_return Result<void>();
    auto room = co_await wait_room(block.size(), transfer);
    if (!room) co_return room;
    const auto length = static_cast<std::int64_t>(block.size());
    const Ways next = spelling_.ways(CommandId::ftps_put, [&](std::string_view name) {
      return CommandBuilder(name).number("length", length, 1, length);
    });
    auto sent = co_await put_block(CommandId::ftps_put, next, block, transfer);
    if (!sent) co_return sent;
  }
}

asio::awaitable<Result<void>> FtpsStack::put_block(CommandId id, const Ways& ways,
                                                   std::string_view block, FtpsTransfer& transfer) {
  if (const auto lost = no_login()) co_return *lost;
  auto outcome = co_await said(id, ways, block);
  if (!outcome) co_return outcome.error();
  if (!outcome->ok()) co_return ftps_refusal("put the file", shown_as(ways), *outcome);
  unsent_ += block.size();
  if (transfer.moved) transfer.moved(block.size());
  co_return Result<void>();
}

// Until the modem can take `next` bytes more.
asio::awaitable<Result<void>> FtpsStack::wait_room(std::size_t next, FtpsTransfer& transfer) {
  if (transfer.ended) co_return ended();
  if (!can_tell_ || unsent_ + next <= most_unsent) co_return Result<void>();
  auto asked = co_await ask_unsent();
  if (!asked) co_return asked;
  if (unsent_ + next <= most_unsent) co_return Result<void>();
  Time latest = runtime_.now() + timeouts_.transfer;
  for (Duration wait = first_look; unsent_ > resume_at;
       wait = std::min<Duration>(wait * 2, last_look)) {
    co_await transfer.changed.wait_until(runtime_.now() + wait);
    if (transfer.ended) co_return ended();
    const std::size_t before = unsent_;
    asked = co_await ask_unsent();
    if (!asked) co_return asked;
    if (unsent_ < before) latest = runtime_.now() + timeouts_.transfer;
    if (runtime_.now() >= latest)
      co_return Error(ErrorKind::timeout, "send",
                      "the modem could not send " + std::to_string(unsent_) +
                          " bytes to the server within the transfer timeout");
  }
  co_return Result<void>();
}

// +CFTPSPUT: <unsent>. A modem that cannot tell is believed to have sent all.
asio::awaitable<Result<void>> FtpsStack::ask_unsent() {
  const Ways ways = spelling_.ways(CommandId::ftps_put_query, [](std::string_view name) {
    return CommandBuilder(name).query();
  });
  auto outcome = co_await said(CommandId::ftps_put_query, ways, std::string_view());
  if (!outcome) co_return outcome.error();
  unsent_ = 0;
  const Fields fields(outcome->lines.empty() ? std::string_view() : outcome->lines.back());
  const auto unsent = fields.number(0);
  can_tell_ = outcome->final == Final::ok && unsent && *unsent >= 0;
  if (can_tell_) unsent_ = static_cast<std::size_t>(*unsent);
  co_return Result<void>();
}

}  // namespace sim52xx::daemon
