// The FTPS stack: AT+CFTPSxxx, chapters 3 and 6.2 of the note. One login at a time, one operation
// at a time; files go to the host (GET, PUT) or to the modem's own file system (GETFILE, PUTFILE).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/core/commands.hpp"
#include "tests/emulator/core/ftp_client.hpp"
#include "tests/emulator/core/timers.hpp"

namespace sim52xx::sim {

class Modem;

class FtpsStack final : public FtpEvents {
 public:
  enum class State { out, logging_in, in };

  FtpsStack(Modem& modem, FtpClient& client) : modem_(modem), client_(client) {}
  void install(CommandTable& table);

  void finished(FtpsError how, const std::string& directory) override;
  void received(std::string_view bytes) override;
  void sent() override;
  void server_closed() override;

  // Prints what has arrived, as far as the port and the mode allow.
  void pump();
  void power_failed();
  void network_lost();
  // Takes nothing from the server until the next pump().
  void stand_still();

  // Also under the names that the note misprints.
  Result get(const Arguments& arguments);
  Result get_file(const Arguments& arguments);

  struct View {
    State state = State::out;
    std::string host;
    std::uint16_t port = 0;
    std::string directory;  // the current one, at the server
    std::uint64_t up = 0;
    std::uint64_t down = 0;  // printed at the port, or stored
    std::uint64_t logins = 0;
    std::string operation;  // the command that is being carried out
  };
  [[nodiscard]] const View& view() const { return view_; }
  [[nodiscard]] bool started() const;
  [[nodiscard]] bool server_gone() const { return gone_.has_value(); }
  [[nodiscard]] std::size_t unsent() const { return client_.unsent(); }
  [[nodiscard]] std::size_t cached() const { return inbox_.size(); }

 private:
  // How a command tells its outcome; see answer_outcome() and end_transfer().
  enum class Manner {
    session,   // START, STOP, LOGIN, LOGOUT
    plain,     // CWD, MKD, RMD, DELE, TYPE
    question,  // PWD
    transfer,  // LIST, GET, GETFILE, PUTFILE, PUT
  };
  struct Operation {
    std::string name;  // "+CFTPSMKD"
    Manner manner = Manner::plain;
    bool ok_said = false;
    bool pushes = false;    // blocks to the port
    std::string file = {};  // in the modem's file system, to or from there
    bool fetches = false;
    std::int64_t position = 0;  // in that file
    bool fresh = false;         // the file is ours to remove
    std::optional<FtpsError> how = std::nullopt;
  };
  struct Put {
    std::optional<FtpsError> failed;
    bool committing = false;
  };

  void install_session(CommandTable& table);
  void install_folders(CommandTable& table);
  void install_transfers(CommandTable& table);
  void add_path(CommandTable& table, const std::string& name, FtpClient::Verb verb,
                Spelling spelling = Spelling::any);

  Result start();
  Result stop();
  Result login(const Arguments& arguments);
  Result logout();
  Result pwd();
  Result on_path(const std::string& name, FtpClient::Verb verb, const Arguments& arguments);
  Result set_type(const Arguments& arguments);
  Result show_type();
  Result list(const std::string& name, const Arguments& arguments);
  Result put_file(const Arguments& arguments);
  Result put(const Arguments& arguments);
  Result put_first(const Arguments& arguments);
  Result put_next(const Arguments& arguments);
  Result commit();
  Result query_unsent();

  // Name, <dir> and <rest> of GETFILE and PUTFILE.
  struct FileArguments {
    std::string path;   // at the server
    std::string local;  // in the modem
    std::int64_t rest = 0;
  };
  [[nodiscard]] std::optional<FileArguments> file_arguments(const Arguments& arguments) const;
  [[nodiscard]] std::string absolute(const std::string& path) const;

  [[nodiscard]] bool style(std::string_view name) const;
  // What stands in the way of an operation; the refusal is said.
  std::optional<Result> obstacle(const std::string& name);
  Result refused(const std::string& name, FtpsError why);
  Result begin(Operation operation, seconds limit, const std::function<void()>& act);
  void restart_timer(seconds limit);
  void after(int delay, std::function<void()> call);
  void succeed() { finished(FtpsError::success, {}); }
  [[nodiscard]] bool says_ok_first(Manner manner) const;
  void answer_outcome();
  void end_transfer();
  void drop();

  [[nodiscard]] std::size_t room() const;
  Result prompt_put(const Arguments& arguments, std::size_t size_at,
                    std::function<void(const std::string&)> hand_over);
  void look_after_sending();
  void put_ended(FtpsError how);
  Result put_refused();
  void end_commit(FtpsError how);
  void feed_from_file();
  void keep(std::string_view bytes);
  bool push_block();
  [[nodiscard]] std::size_t block_size() const;
  [[nodiscard]] std::string data_header(const std::string& name, std::size_t count);

  Modem& modem_;
  FtpClient& client_;
  View view_;
  std::optional<FtpsError> gone_;  // the session ended by itself
  bool ascii_ = false;
  std::string inbox_;  // from the server, for the port or the file system
  std::optional<Operation> operation_;
  Timers::Id timer_ = Timers::none;
  std::uint64_t delays_ = 0;
  std::uint64_t blocks_ = 0;  // of this transfer; sizes and shapes may take turns

  std::optional<Put> put_;
  std::string waiting_payload_;  // a PUT that finds no room
  std::function<void(const std::string&)> when_room_;
  Timers::Id sending_ = Timers::none;
};

}  // namespace sim52xx::sim
