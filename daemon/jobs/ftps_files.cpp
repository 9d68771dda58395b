// FtpsJob: the steps that move files, and listings.
#include <algorithm>
#include <utility>

#include "daemon/jobs/ftps_entries.hpp"
#include "daemon/jobs/ftps_job.hpp"

namespace sim52xx::daemon {

using nlohmann::json;

namespace {

constexpr std::size_t most_listed = std::size_t{1024} * 1024;  // by one job

}  // namespace

asio::awaitable<Result<void>> FtpsJob::list(const FtpsStep& step, json& result) {
  auto listing = co_await context_.stack.list(step.path, transfer_);
  if (!listing) co_return listing.error();
  listed_ += listing->size();
  if (listed_ > most_listed)
    co_return Error(
        ErrorKind::limit, "receive",
        "the job's listings together have more than " + std::to_string(most_listed) + " bytes");
  result["entries"] = ftps_entries(*listing);
  co_return Result<void>();
}

asio::awaitable<Result<void>> FtpsJob::transfer_step(FtpsStep& step, json& result) {
  FtpsStack& stack = context_.stack;
  auto typed = co_await set_type();
  if (!typed) co_return typed;
  const std::uint64_t before = progress.up + progress.down;
  Result<void> done;
  switch (step.op) {
    case FtpsOp::put:
      done = co_await stack.put(step.path, *step.body, transfer_);
      break;
    case FtpsOp::get:
      done = co_await stack.get(step.path, *step.response, transfer_);
      break;
    case FtpsOp::put_efs:
      done = co_await stack.put_file(step.path, step.dir, transfer_);
      break;
    default:
      done = co_await stack.get_file(step.path, step.dir, transfer_);
      break;
  }
  if (!done) co_return done;
  if (step.op == FtpsOp::put_efs || step.op == FtpsOp::get_efs) {
    result["dir"] = step.dir;
    co_return done;
  }
  const std::uint64_t bytes = progress.up + progress.down - before;
  result["bytes"] = bytes;
  if (!step.verify) co_return done;
  done = co_await verify(step.path, bytes);
  if (done) result["verified_size"] = bytes;
  co_return done;
}

// Once, before the first file. (note, 3.8)
asio::awaitable<Result<void>> FtpsJob::set_type() {
  if (type_set_) co_return Result<void>();
  auto done = co_await context_.stack.type(request_.type);
  type_set_ = static_cast<bool>(done);
  co_return done;
}

// What the server says of the size of a file that was put there. Not every server lists a single
// file: then its whole directory is asked for.
asio::awaitable<Result<void>> FtpsJob::verify(const std::string& path, std::uint64_t size) {
  const auto slash = path.rfind('/');
  const std::string file = path.substr(slash + 1);
  std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
  if (slash == 0) folder = "/";
  auto listed = co_await listed_size(path, file);
  if (!listed && !stopped()) listed = co_await listed_size(folder, file);
  if (stopped()) co_return *stopped();
  if (!listed)
    co_return Error(ErrorKind::interrupted, "verify",
                    "the file was put, but the server lists no file of that name with a size");
  if (*listed != size)
    co_return Error(
        ErrorKind::interrupted, "verify",
        std::to_string(size) + " bytes were put, but the server has " + std::to_string(*listed));
  co_return Result<void>();
}

// The size of the file of that name, in the listing of `place`; nullopt where it is not there.
asio::awaitable<std::optional<std::uint64_t>> FtpsJob::listed_size(const std::string& place,
                                                                   std::string_view file) {
  auto listing = co_await context_.stack.list(place, transfer_);
  if (!listing) co_return std::nullopt;
  for (const FtpsEntry& entry : parse_ftps_list(*listing, std::nullopt)) {
    const std::string_view listed = std::string_view(entry.name).substr(entry.name.rfind('/') + 1);
    if (entry.type == FtpsEntryType::file && listed == file) co_return entry.size;
  }
  co_return std::nullopt;
}

}  // namespace sim52xx::daemon
