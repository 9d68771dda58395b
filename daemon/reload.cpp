#include "daemon/reload.hpp"

#include "daemon/config/diff.hpp"

namespace sim52xx::daemon {
namespace {

// The modem is set up at its bring-up, and a socket is made or removed at start only.
bool needs_restart(const std::string& key) {
  return key.starts_with("modem.") || key.find('.') == std::string::npos ||
         (key.starts_with("endpoint.") && key.find('.', 9) == std::string::npos);
}

}  // namespace

Reloaded apply(config::Config& current, const config::Config& fresh) {
  Reloaded reloaded;
  for (std::string& key : config::difference(current, fresh))
    (needs_restart(key) ? reloaded.needs_restart : reloaded.applied).push_back(std::move(key));
  for (config::Endpoint& endpoint : current.endpoints)
    if (const config::Endpoint* const same = fresh.endpoint(endpoint.name)) endpoint = *same;
  current.https = fresh.https;
  current.timeouts = fresh.timeouts;
  current.arbiter = fresh.arbiter;
  current.control = fresh.control;
  return reloaded;
}

}  // namespace sim52xx::daemon
