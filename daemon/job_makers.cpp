#include "daemon/job_makers.hpp"

#include <algorithm>
#include <utility>

#include "daemon/config/secret.hpp"

namespace sim52xx::daemon {
namespace {

// A file name of the credentials directory, and nothing that leads out of it.
bool is_plain_name(std::string_view name) {
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~' && c != '/'; });
  return plain && !name.empty() && name.size() <= 255 && name != "." && name != "..";
}

Result<std::string> credential_of(const config::Config& config, const std::string& name) {
  if (!is_plain_name(name))
    return Error(ErrorKind::invalid, "parameters",
                 "parameter password_credential: allowed the name of a systemd credential");
  if (name == config.modem.pin.credential || name == config.modem.apn_password.credential)
    return Error(ErrorKind::denied, "credential",
                 "password_credential names a secret of the modem, which is not for FTPS");
  config::SecretName secret;
  secret.credential = name;
  return config::read_secret(secret);
}

}  // namespace

control::MakeHttpsJob https_maker(const HttpsContext& context) {
  return [context](const std::string& id, HttpsRequest request) -> Result<std::unique_ptr<Job>> {
    if (Result<void> good = HttpsJob::check(request); !good) return good.error();
    std::unique_ptr<Job> job = std::make_unique<HttpsJob>(context, id, std::move(request));
    return job;
  };
}

control::FtpsSupport ftps_support(const FtpsContext& context, const config::Config& config) {
  control::FtpsSupport support;
  support.make = [context](const std::string& id,
                           FtpsRequest request) -> Result<std::unique_ptr<Job>> {
    if (Result<void> good = FtpsJob::check(request); !good) return good.error();
    std::unique_ptr<Job> job = std::make_unique<FtpsJob>(context, id, std::move(request));
    return job;
  };
  support.find_op = find_ftps_op;
  support.credential = [&config](const std::string& name) { return credential_of(config, name); };
  return support;
}

}  // namespace sim52xx::daemon
