#include "daemon/report/error_json.hpp"

#include "daemon/report/times.hpp"

namespace sim52xx::daemon {

using nlohmann::json;

json error_data(const Error& error) {
  json data = json::object();
  data["kind"] = name(error.kind);
  data["stage"] = error.stage;
  data["retryable"] = retryable(error.kind);
  if (!error.at.empty()) data["at"] = error.at;
  if (!error.response.empty()) data["response"] = error.response;
  if (error.alert) {
    json& alert = data["alert"];
    alert["level"] = name(error.alert->level);
    alert["err"] = error.alert->bits;
    alert["bits"] = alert_names(error.alert->bits);
  }
  if (error.waiting_for) {
    json& waiting = data["waiting_for"];
    waiting["stack"] = error.waiting_for->stack;
    waiting["holder"] = error.waiting_for->holder;
    waiting["since"] = rfc3339(error.waiting_for->since);
  }
  return data;
}

json error_object(const Error& error) {
  json object = error_data(error);
  object["message"] = error.message;
  return object;
}

}  // namespace sim52xx::daemon
