// Writes one HTTP/1.1 request, piece by piece: its head, then its body as it is, or in chunks where
// its size is not known beforehand. Sans-I/O; the serializer is Beast's.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "daemon/http/request.hpp"

namespace sim52xx::daemon::http {

class RequestWriter {
 public:
  // `request` must outlive this object.
  explicit RequestWriter(const Request& request);
  ~RequestWriter();
  RequestWriter(const RequestWriter&) = delete;
  RequestWriter& operator=(const RequestWriter&) = delete;

  // Each appends to `out` what has to be sent. First the head, then all pieces of the body in order
  // (of those, none is empty), at last the end; the last two only where the request has a body.
  void head(std::string& out);
  void piece(char* bytes, std::size_t count, std::string& out);
  void end(std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sim52xx::daemon::http
