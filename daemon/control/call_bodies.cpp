#include "daemon/control/call_bodies.hpp"

#include <utility>

#include "daemon/body/descriptor.hpp"
#include "daemon/body/encoding.hpp"
#include "daemon/body/memory.hpp"
#include "daemon/control/job_answers.hpp"

namespace sim52xx::daemon::control {
namespace {

Error too_large(const CallParams& params, std::string_view name) {
  return {ErrorKind::limit, "parameters",
          "parameter " + params.path(name) +
              ": allowed at most 256 KiB; pass a descriptor as body_fd for more"};
}

// The descriptor's refusal, with the name of the parameter.
Error named(Error error, const CallParams& params, std::string_view name) {
  error.message = "parameter " + params.path(name) + ": " + error.message;
  return as_parameter(std::move(error));
}

}  // namespace

Result<std::unique_ptr<Source>> CallBodies::source(const CallParams& params) {
  std::unique_ptr<Source> source;
  const int given = (params.has("body") ? 1 : 0) + (params.has("body_base64") ? 1 : 0) +
                    (params.has("body_fd") ? 1 : 0);
  if (given > 1) return params.wrong("body", "only one of body, body_base64 and body_fd");
  if (params.has("body_fd")) {
    Result<Fd> fd = take(params, "body_fd");
    if (!fd) return fd.error();
    Result<std::unique_ptr<Source>> passed = source_from(runtime_, std::move(*fd));
    if (!passed) return named(passed.error(), params, "body_fd");
    return passed;
  }
  if (given == 0) return source;
  const bool base64 = params.has("body_base64");
  std::string text = params.take_text(base64 ? "body_base64" : "body");
  if (text.size() > inline_limit) return too_large(params, base64 ? "body_base64" : "body");
  if (base64) {
    std::optional<std::string> bytes = from_base64(text);
    if (!bytes) return params.wrong("body_base64", "base64 with padding (RFC 4648)");
    text = std::move(*bytes);
  }
  memory_ += text.size();
  source = std::make_unique<MemorySource>(std::move(text));
  return source;
}

Result<std::unique_ptr<Sink>> CallBodies::sink(const CallParams& params, const std::string& place) {
  std::unique_ptr<Sink> sink;
  if (params.has("response_fd")) {
    Result<Fd> fd = take(params, "response_fd");
    if (!fd) return fd.error();
    Result<std::unique_ptr<Sink>> passed = sink_to(runtime_, std::move(*fd));
    if (!passed) return named(passed.error(), params, "response_fd");
    return passed;
  }
  auto spool = std::make_shared<Spool>(space_);
  spools_.push_back(JobBody{place, spool});
  sink = std::make_unique<SpoolSink>(std::move(spool));
  return sink;
}

Result<Fd> CallBodies::take(const CallParams& params, std::string_view name) {
  const auto index = params.find(name)->get<std::size_t>();
  // The line took as many as its highest index asks for.
  if (index >= fds_.size() || !fds_[index])
    return params.wrong(name, "the index of a passed descriptor that nothing else refers to");
  return std::move(fds_[index]);
}

void put_bodies(json& result, const std::vector<JobBody>& bodies) {
  for (const JobBody& body : bodies) {
    const std::string* text = body.spool->text();
    if (text == nullptr) continue;
    const json::json_pointer place(body.place);
    if (!result.contains(place) || !result[place].is_object()) continue;
    json& object = result[place];
    json encoded;
    const bool is_text = is_utf8(*text);
    if (is_text)
      encoded = *text;
    else
      encoded = to_base64(*text);
    if (encoded.dump().size() > inline_limit) continue;
    object[is_text ? "body" : "body_base64"] = std::move(encoded);
  }
}

}  // namespace sim52xx::daemon::control
