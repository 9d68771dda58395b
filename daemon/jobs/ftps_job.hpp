// One FTPS job: logs in, does its steps in order, logs out. Each step's result goes into `steps`;
// the first step that fails ends the job, its error says which one it was, and what the steps
// before it came to stays in Job::partial. The password is forgotten as soon as the login is over.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "daemon/jobs/body_stall.hpp"
#include "daemon/jobs/ftps_request.hpp"
#include "daemon/jobs/job.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/ftps_stack.hpp"

namespace sim52xx::daemon {

// What FTPS jobs need of the daemon; all of it outlives them.
struct FtpsContext {
  Runtime& runtime;
  Modem& modem;
  FtpsStack& stack;
  Arbiter& arbiter;
  const config::Config& config;
};

class FtpsJob final : public Job {
 public:
  // `request` has been checked.
  FtpsJob(const FtpsContext& context, std::string id, FtpsRequest request);
  ~FtpsJob() override;

  // Whether the request can be sent to a modem at all. Errors: invalid, which names the field
  // ("steps[2].path"); unsupported, for the body of a put that is known to be empty.
  static Result<void> check(const FtpsRequest& request);

  // {steps: [{op, ...}]}: pwd has `path`, list `entries`, put and get `bytes`, put_efs and get_efs
  // `dir`, a verified put `verified_size`.
  asio::awaitable<Result<nlohmann::json>> run() override;

 private:
  void on_stop() override;

  asio::awaitable<Result<void>> connect();
  asio::awaitable<Result<void>> wait_modem();
  asio::awaitable<Result<void>> all_steps();
  asio::awaitable<Result<void>> one_step(FtpsStep& step, nlohmann::json& result);
  asio::awaitable<Result<void>> transfer_step(FtpsStep& step, nlohmann::json& result);
  asio::awaitable<Result<void>> list(const FtpsStep& step, nlohmann::json& result);
  asio::awaitable<Result<void>> set_type();
  asio::awaitable<Result<void>> verify(const std::string& path, std::uint64_t size);
  asio::awaitable<std::optional<std::uint64_t>> listed_size(const std::string& place,
                                                            std::string_view file);
  asio::awaitable<void> log_out();
  void forget_password();
  void enter(const FtpsStep& step, std::size_t number);
  [[nodiscard]] Error explain(Error error, const FtpsStep& step, std::size_t number) const;

  FtpsContext context_;
  BodyStall stall_;
  FtpsRequest request_;
  FtpsTransfer transfer_;
  Lease lease_;
  bool type_set_ = false;
  std::size_t listed_ = 0;  // bytes of listings
};

// As in `op` of ftps.run: "pwd", "delete", "put_efs".
std::string_view name(FtpsOp op);
// The operation of that name; nullopt where there is none.
std::optional<FtpsOp> find_ftps_op(std::string_view name);

}  // namespace sim52xx::daemon
