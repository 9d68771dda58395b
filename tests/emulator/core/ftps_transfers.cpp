// The FTPS stack's transfers: LIST and GET to the host, GETFILE and PUTFILE with the modem's own
// file system.
#include <algorithm>
#include <utility>

#include "tests/emulator/core/ftps.hpp"
#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

constexpr seconds transfer_time{120};  // note, chapter 3.16
constexpr std::int64_t max_rest = 2147483647;
constexpr int max_dir = 8;
constexpr std::size_t read_size = 2048;

// <rest> at that place; 0 where it is not given.
std::optional<std::int64_t> rest_at(const Arguments& arguments, std::size_t i) {
  if (arguments.size() <= i) return 0;
  const auto rest = arguments.number(i);
  if (!rest || *rest < 0 || *rest > max_rest) return std::nullopt;
  return rest;
}

}  // namespace

void FtpsStack::install_transfers(CommandTable& table) {
  const auto add_list = [this, &table](const std::string& name, Spelling spelling) {
    table.add(name, {.exec = [this, name](const Arguments& a) { return list(name, a); },
                     .set = [this, name](const Arguments& a) { return list(name, a); },
                     .spelling = spelling});
  };
  add_list("+CFTPSLIST", Spelling::real);
  add_list("+CFTPSSLIST", Spelling::note);
  table.add("+CFTPSGET", {.set = [this](const Arguments& a) { return get(a); }});
  table.add("+CFTPSGETFILE", {.set = [this](const Arguments& a) { return get_file(a); }});
  table.add("+CFTPSPUTFILE", {.set = [this](const Arguments& a) { return put_file(a); }});
  table.add("+CFTPSPUT", {.exec = [this](const Arguments&) { return commit(); },
                          .set = [this](const Arguments& a) { return put(a); },
                          .read = [this] { return query_unsent(); }});
}

Result FtpsStack::list(const std::string& name, const Arguments& arguments) {
  std::string path = view_.directory;
  if (arguments.size() > 0) {
    const auto given = arguments.name(0);
    if (arguments.size() != 1 || !given) return error;
    path = absolute(*given);
  }
  if (const auto refusal = obstacle(name)) return *refusal;
  return begin({.name = name, .manner = Manner::transfer, .pushes = true}, transfer_time,
               [this, path] { client_.list(path); });
}

Result FtpsStack::get(const Arguments& arguments) {
  const auto path = arguments.name(0);
  const auto rest = rest_at(arguments, 1);
  if (arguments.size() > 2 || !path || !rest) return error;
  const std::string name = modem_.settings().spelling == "note" ? "+CFTPGET" : "+CFTPSGET";
  if (const auto refusal = obstacle(name)) return *refusal;
  return begin(
      {.name = name, .manner = Manner::transfer, .pushes = true}, transfer_time,
      [this, where = absolute(*path), offset = *rest] { client_.get(where, offset, ascii_); });
}

// "name",<dir>[,<rest>] in the manuals, <dir>,"name" in the note.
std::optional<FtpsStack::FileArguments> FtpsStack::file_arguments(
    const Arguments& arguments) const {
  const auto& order = modem_.settings().file_args;
  const bool note = order != "manual" && arguments.number(0).has_value();
  if (!note && order == "note") return std::nullopt;
  const auto path = arguments.name(note ? 1 : 0);
  const auto dir = arguments.number(note ? 0 : 1, 0, max_dir);
  const auto rest = rest_at(arguments, 2);
  if (arguments.size() < 2 || arguments.size() > 3 || !path || !dir || !rest) return std::nullopt;
  const std::string last = path->substr(path->rfind('/') + 1);
  const auto folder = modem_.efs().folder(*dir);
  if (!folder || !Efs::valid_name(last)) return std::nullopt;
  return FileArguments{*path, *folder + "/" + last, *rest};
}

Result FtpsStack::get_file(const Arguments& arguments) {
  const auto given = file_arguments(arguments);
  if (!given) return error;
  const std::string name = modem_.settings().spelling == "note" ? "+CFTPGETFILE" : "+CFTPSGETFILE";
  if (const auto refusal = obstacle(name)) return *refusal;
  const auto facts = modem_.efs().files().facts(given->local);
  if (given->rest > 0 && (!facts || facts->size < given->rest))
    return refused(name, FtpsError::invalid_parameter);
  return begin({.name = name,
                .manner = Manner::transfer,
                .file = given->local,
                .fetches = true,
                .position = given->rest},
               transfer_time, [this, where = absolute(given->path), offset = given->rest] {
                 client_.get(where, offset, ascii_);
               });
}

Result FtpsStack::put_file(const Arguments& arguments) {
  const auto given = file_arguments(arguments);
  if (!given || !modem_.efs().files().facts(given->local)) return error;
  if (const auto refusal = obstacle("+CFTPSPUTFILE")) return *refusal;
  return begin({.name = "+CFTPSPUTFILE",
                .manner = Manner::transfer,
                .file = given->local,
                .position = given->rest},
               transfer_time, [this, where = absolute(given->path), offset = given->rest] {
                 client_.put(where, offset, ascii_);
                 feed_from_file();
               });
}

// The next bytes of PUTFILE's file, as many as the cache takes.
void FtpsStack::feed_from_file() {
  Operation& operation = *operation_;
  while (!operation.file.empty() && room() > 0) {
    const std::string bytes =
        modem_.efs().files().read(operation.file, operation.position, std::min(room(), read_size));
    if (bytes.empty()) {
      operation.file.clear();
      client_.end_of_file();
      return;
    }
    operation.position += static_cast<std::int64_t>(bytes.size());
    view_.up += bytes.size();
    client_.send(bytes);
  }
}

void FtpsStack::received(std::string_view bytes) {
  if (!operation_ || operation_->how) return;
  restart_timer(transfer_time);
  const bool first = !std::exchange(operation_->ok_said, true);
  if (operation_->fetches)
    keep(bytes);
  else
    inbox_ += bytes;
  if (first) modem_.finish(ok);
}

// GETFILE: into the file system.
void FtpsStack::keep(std::string_view bytes) {
  Operation& operation = *operation_;
  if (operation.position == 0) operation.fresh = true;
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (modem_.efs().room() < size ||
      !modem_.efs().files().write(operation.file, operation.position, bytes)) {
    client_.abort();
    gone_ = FtpsError::server_closed;
    finished(FtpsError::memory, {});
    return;
  }
  operation.position += size;
  view_.down += bytes.size();
}

std::size_t FtpsStack::block_size() const {
  const Settings& settings = modem_.settings();
  const int second = settings.ftps_block_2;
  const int size = blocks_ % 2 == 1 && second > 0 ? second : settings.ftps_block;
  return static_cast<std::size_t>(std::min(size, settings.backlog));
}

// As real firmware and the note print it; "mixed" is the note's chapter 6.2.
std::string FtpsStack::data_header(const std::string& name, std::size_t count) {
  std::string shape = modem_.settings().ftps_data;
  if (shape == "mixed") shape = blocks_ % 2 == 0 ? "comma" : "tight";
  const std::string size = std::to_string(count);
  if (shape == "plain") return name + ": DATA," + size;
  if (shape == "tight") return name + ":DATA, " + size;
  return name + ": DATA, " + size + (shape == "comma" ? "," : "");
}

// Full blocks, and at the end what is left.
bool FtpsStack::push_block() {
  const auto size = block_size();
  if (inbox_.empty() || (inbox_.size() < size && !operation_->how)) return false;
  const auto count = std::min(inbox_.size(), size);
  modem_.output().block(data_header(operation_->name, count),
                        std::string_view(inbox_).substr(0, count));
  inbox_.erase(0, count);
  view_.down += count;
  ++blocks_;
  if (!operation_->how) restart_timer(transfer_time);
  return true;
}

void FtpsStack::pump() {
  while (operation_ && operation_->pushes && operation_->ok_said && modem_.idle() &&
         modem_.output().size() < output_high_water && push_block()) {
  }
  const bool over = operation_ && operation_->manner == Manner::transfer && operation_->how;
  if (over && inbox_.empty() && (!operation_->ok_said || modem_.idle())) end_transfer();
  client_.allow_receive(inbox_.size() < static_cast<std::size_t>(modem_.settings().backlog));
}

void FtpsStack::end_transfer() {
  const Operation over = *std::exchange(operation_, std::nullopt);
  const bool good = *over.how == FtpsError::success;
  modem_.cancel(timer_);
  view_.operation.clear();
  inbox_.clear();
  FileStore& files = modem_.efs().files();
  if (over.fetches && good) files.write(over.file, over.position, {});  // an empty one is one too
  if (over.fetches && !good && over.fresh) files.remove(over.file);
  const std::string line = over.name + ": " + std::to_string(static_cast<int>(*over.how));
  if (over.ok_said) {
    modem_.urc(line);
  } else if (good) {
    modem_.finish(ok);
    modem_.urc(line);
  } else {
    modem_.output().line(line);
    modem_.finish(error);
  }
}

}  // namespace sim52xx::sim
