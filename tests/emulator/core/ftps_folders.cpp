// The FTPS stack between two transfers: PWD, CWD, MKD, RMD, DELE, TYPE.
#include "tests/emulator/core/ftps.hpp"
#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

constexpr seconds transfer_time{120};  // note, chapter 3.16

}  // namespace

void FtpsStack::add_path(CommandTable& table, const std::string& name, FtpClient::Verb verb,
                         Spelling spelling) {
  table.add(name, {.set = [this, name, verb](const Arguments& a) { return on_path(name, verb, a); },
                   .spelling = spelling});
}

void FtpsStack::install_folders(CommandTable& table) {
  table.add("+CFTPSPWD", {.exec = [this](const Arguments&) { return pwd(); }});
  add_path(table, "+CFTPSCWD", FtpClient::Verb::cwd);
  add_path(table, "+CFTPSMKD", FtpClient::Verb::mkd);
  add_path(table, "+CFTPSRMD", FtpClient::Verb::rmd);
  add_path(table, "+CFTPSDELE", FtpClient::Verb::dele, Spelling::real);
  add_path(table, "+CFTPSDEL", FtpClient::Verb::dele, Spelling::note);
  table.add("+CFTPSTYPE", {.set = [this](const Arguments& a) { return set_type(a); },
                           .read = [this] { return show_type(); },
                           .test =
                               [this] {
                                 modem_.output().line("+CFTPSTYPE: (A,I)");
                                 return ok;
                               }});
}

std::string FtpsStack::absolute(const std::string& path) const {
  if (path.starts_with('/')) return path;
  return view_.directory.ends_with('/') ? view_.directory + path : view_.directory + "/" + path;
}

Result FtpsStack::pwd() {
  if (const auto refusal = obstacle("+CFTPSPWD")) return *refusal;
  return begin({.name = "+CFTPSPWD", .manner = Manner::question}, transfer_time,
               [this] { client_.pwd(); });
}

Result FtpsStack::on_path(const std::string& name, FtpClient::Verb verb,
                          const Arguments& arguments) {
  const auto path = arguments.name(0);
  if (arguments.size() != 1 || !path) return error;
  if (const auto refusal = obstacle(name)) return *refusal;
  return begin({.name = name, .manner = Manner::plain}, transfer_time,
               [this, verb, where = absolute(*path)] { client_.command(verb, where); });
}

// A or I without quotes; the note's chapter 3.8 has 1 for I.
Result FtpsStack::set_type(const Arguments& arguments) {
  const auto& type = arguments.text(0);
  const bool note = type == "1" && modem_.settings().spelling != "real";
  if (arguments.size() != 1 || arguments.quoted(0) || (type != "A" && type != "I" && !note))
    return error;
  if (const auto refusal = obstacle("+CFTPSTYPE")) return *refusal;
  ascii_ = type == "A";
  return begin({.name = "+CFTPSTYPE", .manner = Manner::plain}, transfer_time,
               [this] { succeed(); });
}

Result FtpsStack::show_type() {
  if (view_.state != State::in) return error;
  modem_.output().line(ascii_ ? "+CFTPSTYPE: A" : "+CFTPSTYPE: I");
  return ok;
}

}  // namespace sim52xx::sim
