#include "daemon/control/https_methods.hpp"

#include <utility>

#include "daemon/control/call_bodies.hpp"

namespace sim52xx::daemon::control {
namespace {

constexpr std::int64_t redirects_usually = 10;  // for `true`
constexpr std::int64_t redirects_most = 50;
constexpr std::size_t headers_most = 256;
constexpr std::string_view headers_allowed =
    "an object of names and strings, or an array of {name, value}";

using Headers = std::vector<std::pair<std::string, std::string>>;

std::optional<Via> find_via(std::string_view word) {
  if (word == "auto") return Via::automatic;
  if (word == "https") return Via::https;
  if (word == "ssl") return Via::ssl;
  return std::nullopt;
}

// One of an array: {name, value} and nothing else.
bool add_pair(json& pair, Headers& headers) {
  if (!pair.is_object() || pair.size() != 2) return false;
  const auto name = pair.find("name");
  const auto value = pair.find("value");
  if (name == pair.end() || value == pair.end() || !name->is_string() || !value->is_string())
    return false;
  headers.emplace_back(std::move(name->get_ref<std::string&>()),
                       std::move(value->get_ref<std::string&>()));
  return true;
}

Result<Headers> headers_of(const CallParams& params) {
  Headers headers;
  json* given = params.find("headers");
  if (given == nullptr) return headers;
  bool good = given->is_structured() && given->size() <= headers_most;
  if (good && given->is_array())
    for (json& pair : *given)
      good = good && add_pair(pair, headers);
  if (good && given->is_object())
    for (auto& [name, value] : given->items()) {
      good = good && value.is_string();
      if (good) headers.emplace_back(name, std::move(value.get_ref<std::string&>()));
    }
  if (!good) return params.wrong("headers", headers_allowed);
  return headers;
}

Result<int> redirects_of(const CallParams& params) {
  const json* given = params.find("follow_redirects");
  if (given != nullptr && given->is_boolean())
    return given->get<bool>() ? static_cast<int>(redirects_usually) : 0;
  if (given != nullptr && !given->is_number_integer())
    return params.wrong("follow_redirects", "true, false, or at most how many, 0 to 50");
  const Result<std::int64_t> count = params.integer("follow_redirects", 0, redirects_most, 0);
  if (!count) return count.error();
  return static_cast<int>(*count);
}

Result<HttpsRequest> request_of(const CallParams& params, CallBodies& bodies) {
  HttpsRequest request;
  request.url = params.take_text("url");
  if (params.has("method")) request.method = params.take_text("method");
  Result<Headers> headers = headers_of(params);
  if (!headers) return headers.error();
  request.headers = std::move(*headers);
  if (const json* word = params.find("via")) {
    const auto via = find_via(word->get_ref<const std::string&>());
    if (!via) return params.wrong("via", "\"auto\", \"https\" or \"ssl\"");
    request.via = *via;
  }
  const Result<int> redirects = redirects_of(params);
  if (!redirects) return redirects.error();
  request.follow_redirects = *redirects;
  const Result<std::int64_t> most = params.integer("max_bytes", 1, INT64_MAX, 0);
  if (!most) return most.error();
  request.max_bytes = static_cast<std::uint64_t>(*most);
  Result<std::unique_ptr<Source>> body = bodies.source(params);
  if (!body) return body.error();
  request.body = std::move(*body);
  Result<std::unique_ptr<Sink>> response = bodies.sink(params, "");
  if (!response) return response.error();
  request.response = std::move(*response);
  return request;
}

asio::awaitable<Result<json>> handle(const JobsContext& context, const MakeHttpsJob& make,
                                     Call& call) {
  Result<JobOrder> order = order_of(call, "https");
  if (!order) co_return order.error();
  CallBodies bodies(context.runtime, context.space, std::move(call.fds));
  Result<HttpsRequest> request = request_of(CallParams(call.params), bodies);
  if (!request) co_return request.error();
  order->memory = bodies.memory();
  const bool detached = order->detached;
  const JobList::Make make_parts = [&](const std::string& id) -> Result<JobList::Parts> {
    auto job = make(id, std::move(*request));
    if (!job) return as_parameter(job.error());
    JobList::Parts parts;
    parts.job = std::move(*job);
    parts.bodies = bodies.take_spools();
    return parts;
  };
  const Result<JobPtr> job = submit(context, call, std::move(*order), make_parts);
  if (!job) co_return job.error();
  const JobPtr submitted = *job;
  auto answer = co_await answer_for(context, call, submitted, detached);
  co_return answer;
}

}  // namespace

void add_https_methods(Methods& methods, const JobsContext& context, MakeHttpsJob make) {
  const std::vector<Parameter> parameters{
      Parameter("url", Type::text, "https://HOST[:PORT][/PATH][?QUERY]", true),
      Parameter("method", Type::text, "usually GET"),
      Parameter("headers", Type::any, "of the request: " + std::string(headers_allowed)),
      Parameter("body", Type::text, "to send, at most 256 KiB"),
      Parameter("body_base64", Type::text, "the same for bytes that are no text"),
      Parameter("body_fd", Type::descriptor, "to send, from a passed descriptor"),
      Parameter("response_fd", Type::descriptor, "where the answer's body goes"),
      Parameter("via", Type::text,
                "over which of the modem's stacks: \"https\", \"ssl\", or \"auto\", which is ssl "
                "while somebody uses that"),
      Parameter("timeout", Type::number, "seconds for all of it, waiting included"),
      Parameter("follow_redirects", Type::any, "true, or at most how many; usually none"),
      Parameter("max_bytes", Type::integer, "more of an answer's body is an error"),
      Parameter("detach", Type::boolean, "answer with the job's number at once"),
      Parameter("client_ref", Type::text,
                "a name by which the same request is known when it comes again"),
  };
  methods.add(Method(
      "https.request", Who::user, "Sends an HTTPS request", parameters,
      "{job_id, status, headers, body | body_base64, bytes, via, verified, "
      "redirects}, or {job_id} with detach",
      [&context, make = std::move(make)](Call& call) { return handle(context, make, call); }));
}

}  // namespace sim52xx::daemon::control
