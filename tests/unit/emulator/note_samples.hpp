// The request and the answer that the note prints in chapters 2.3, 2.4, 6.1 and 6.3.
#pragma once

#include <string>

namespace sim52xx::sim {

// 88 bytes with its line ends and the empty line at its end, as the note says.
inline const std::string note_request =
    "GET / HTTP/1.1\r\n"
    "Host: www.mywebsite.com\r\n"
    "User-Agent: MY WEB AGENT\r\n"
    "Content-Length: 0\r\n"
    "\r\n";
// The note calls it 249 bytes long; what it prints are 227.
inline const std::string note_response =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/html\r\n"
    "Content-Language: zh-CN\r\n"
    "Content-Length: 57\r\n"
    "Date: Tue, 31 Mar 2009 01:56:05 GMT\r\n"
    "Connection: Close\r\n"
    "Proxy-Connection: Close\r\n"
    "\r\n"
    "<html>\r\n"
    "<header>test</header>\r\n"
    "<body>\r\n"
    "Test body\r\n"
    "</body>";

}  // namespace sim52xx::sim
