#include "daemon/http/request_writer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>

#include "daemon/system/version.hpp"
#include "protocol/bytes.hpp"

namespace sim52xx::daemon::http {
namespace {

namespace beast = boost::beast::http;

// Methods whose requests say that they have no body.
bool expects_body(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

beast::request<beast::buffer_body> message_of(const Request& request) {
  beast::request<beast::buffer_body> message;
  message.version(11);
  message.method_string(request.method);
  message.target(request.url.target);
  message.set(beast::field::host, request.url.authority());
  message.set(beast::field::user_agent, "sim52xxd/" + std::string(version));
  message.set(beast::field::accept, "*/*");
  for (const auto& [name, value] : request.headers)
    message.erase(name);
  for (const auto& [name, value] : request.headers)
    message.insert(name, trim(value));
  message.erase(beast::field::content_length);  // which has been checked: it is the body's
  const auto size = request.body != nullptr ? request.body->size() : 0;
  if (!size)
    message.chunked(true);
  else if (request.body != nullptr || expects_body(request.method))
    message.content_length(*size);
  return message;
}

}  // namespace

struct RequestWriter::Impl {
  explicit Impl(const Request& request) : message(message_of(request)), serializer(message) {
    serializer.split(true);
  }

  // Until it wants more of the body, or is done; `once`: what it has now, and no more.
  void write(std::string& out, bool once = false) {
    while (!serializer.is_done()) {
      boost::beast::error_code error;
      std::size_t count = 0;
      serializer.next(error, [&](boost::beast::error_code&, const auto& buffers) {
        for (const asio::const_buffer buffer : boost::beast::buffers_range_ref(buffers))
          out.append(static_cast<const char*>(buffer.data()), buffer.size());
        count = boost::beast::buffer_bytes(buffers);
      });
      if (error) return;  // need_buffer: there are no others
      serializer.consume(count);
      if (once) return;
    }
  }

  beast::request<beast::buffer_body> message;
  beast::request_serializer<beast::buffer_body> serializer;
};

RequestWriter::RequestWriter(const Request& request) : impl_(std::make_unique<Impl>(request)) {}

RequestWriter::~RequestWriter() = default;

void RequestWriter::head(std::string& out) {
  impl_->message.body().data = nullptr;
  impl_->message.body().more = true;
  impl_->write(out, true);
}

void RequestWriter::piece(char* bytes, std::size_t count, std::string& out) {
  impl_->message.body().data = bytes;
  impl_->message.body().size = count;
  impl_->message.body().more = true;
  impl_->write(out);
}

void RequestWriter::end(std::string& out) {
  impl_->message.body().data = nullptr;
  impl_->message.body().more = false;
  impl_->write(out);
}

}  // namespace sim52xx::daemon::http
