#include "daemon/report/error_json.hpp"

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
  return data;
}

json error_object(const Error& error) {
  json object = error_data(error);
  object["message"] = error.message;
  return object;
}

}  // namespace sim52xx::daemon
