"""What the SSL Application Note names in its chapters 2 to 7, read off it by hand: one item a line, behind its chapter.

An item is as the note prints it. Behind " | " is what the tests that hold it must have in their text where that is not
the item itself: the note's misprints and typesetting, and lengths that are not those of the bytes. "-" asks for nothing.
"""

ITEMS = """
2.1 AT+CHTTPSSTART
2.2 AT+CHTTPSOPSE="www.mywebsite.com", 443
2.3 AT+CHTTPSEND=88
2.3 GET / HTTP/1.1
2.3 AT+CHTTPSEND=1024
2.3 AT+CHTTPSEND | AT+CHTTPSEND
2.3 +CHTTPSEND: 0
2.3 AT+CHTTPSEND?
2.3 +CHTTPSEND: 1024
2.4 AT+CHTTPSRECV=1
2.4 +HTTTPSRECV: DATA,249 | +HTTTPSRECV
2.4 HTTP/1.1 200 OK
2.4 +CHTTPSRECV: 0
2.4 receive the response data with at least the length of the parameter | AT+CHTTPSRECV=
2.4 receive the data multiple times | RECV
2.5 AT+CHTTPSCLSE
2.6 AT+CHTTPSSTOP
2.7 HTTPS connect | AT+CHTTPSOPSE
2.7 HTTPS transferring timer | -
2.7 HTTPS close | AT+CHTTPSCLSE
2.7 HTTPS stop wireless network | -

3.1 AT+CFTPSSTART
3.2 AT+CFTPSLOGIN="www.myftpsserver.com", 990, "myname", "mypassword" | AT+CFTPSLOGIN
3.2 only explicit FTPS mode is supported | -
3.3 AT+CFTPSPWD
3.3 +CFTPSPWD: "/"
3.4 AT+CFTPSCWD= "/mysubdir"
3.5 AT+CFTPSMKD= "mynewdir"
3.6 AT+CFTPSRMD= "mynewdir"
3.6 only when directory is empty, the directory can be removed | CFTPSRMD="full"
3.7 AT+CFTPSDEL= "mydelfile"
3.8 AT+CFTPSTYPE=1
3.9 AT+CFTPSSLIST
3.9 +CFTPSSLIST: DATA,193 | +CFTPSSLIST: DATA,19
3.9 -rw-rw-rw- 1 user group 2017 Sep 1 17:24 19800106_000128.jpg | 19800106_000128.jpg
3.9 +CFTPSSLIST: 0
3.10 AT+CFTPSPUTFILE=1, "myputfile.txt"
3.10 +CFTPSPUTFILE: 0
3.11 AT+CFTPSPUT= "myputfile.txt", 10 | AT+CFTPSPUT="myputfile.txt",12
3.11 >test content | test content
3.11 AT+CFTPSPUT=1024
3.11 AT+CFTPSPUT | AT+CFTPSPUT
3.11 +CFTPSPUT: 0
3.11 AT+CFTPSPUT?
3.11 +CFTPSPUT: 1024
3.12 AT+CFTPGETFILE= 1, "mygetfile.txt"
3.12 +CFTPGETFILE: 0
3.13 AT+CFTPGET= "myputfile.txt"
3.13 +CFTPGET: DATA, 1020,
3.13 +CFTPGET: DATA, 1058,
3.13 +CFTPGET: 0
3.14 AT+CFTPSLOGOUT
3.15 AT+CFTPSSTOP
3.16 connect | AT+CFTPSSTART
3.16 transferring timer | transfer
3.16 close | AT+CFTPSLOGOUT
3.16 stop wireless network | AT+CFTPSSTOP

4.1 AT+CSSLSTART
4.2 AT+CSSLOPEN=1, "www.mydomain.com", 443
4.2 currently only 0 and 1 are valid | -
4.2 +CSSLALERT: 1, 0, 0
4.2 AT+CSSLCONT = 1
4.2 AT+CSSLCLOSE = 1
4.3 AT+CSSLSEND=1, 88
4.3 AT+CSSLSEND=1, 1024
4.3 AT+CSSLSET=1
4.3 +CSSLSEND: 1, 0, 1024
4.3 AT+CSSLSEND?
4.3 +CSSLSEND: 0, 0, 1, 1024
4.4 +CSSLRECV: DATA, 1, 1024 | +CSSLRECV: DATA,1,
4.5 AT+CSSLCLOSE = 1
4.6 AT+CSSLSTOP
4.6 both SSL connections will be closed | -
4.7 AT+CSSLMODE=1
4.7 AT+CSSLOPEN=0,"www.myserver.com",443
4.7 +CSSLALERT: 0,2,134218240
4.7 +CSSLOPEN: ALERTSTATE
4.7 AT+CSSLCONT=0
4.7 CONNECT 115200
4.7 +++
4.7 DTR signal | dtr
4.7 ATO
4.8 SSL connect | AT+CSSLOPEN
4.8 SSL transferring timer | AT+CSSLSEND
4.8 SSL close | AT+CSSLCLOSE
4.8 SSL stop wireless network | AT+CSSLSTOP

5.1 +CHTTPS: RECV EVENT
5.2 +CSSLALERT: <session_id>, <level>, <err> | +CSSLALERT
5.2 0 Warning | warning
5.2 1 Fatal | fatal
5.2 2 Suspend | suspend
5.2 3 Information | information
5.2 0x00000001 SSL protocol received unexpected message
5.2 0x00000002 SSL record failed authentication
5.2 0x00000004 Decrypted message not multiple of block size, or invalid padding
5.2 0x00000008 Record too big
5.2 0x00000010 SSL record failed decompression
5.2 0x00000020 SSL handshake protocol failed
5.2 0x00000040 Certificate is missing
5.2 0x00000080 Certificate failed authentication
5.2 0x00000100 Certificate failed authentication of bad signature
5.2 0x00000200 Certificate failed authentication of bad issuer
5.2 0x00000400 Certificate type not understood
5.2 0x00000800 Certificate invalid (was revoked)
5.2 0x00001000 Certificate invalid (expired)
5.2 0x00002000 Certificate invalid (some error)
5.2 0x00004000 SSL protocol parameters out of range
5.2 0x00008000 Alert contained invalid ID
5.2 0x00010000 Unknown CA
5.2 0x00020000 No access rights to continue negotiation
5.2 0x00040000 Failed value out of range
5.2 0x00080000 Crypto operation failed
5.2 0x00100000 Parameter not in compliance
5.2 0x00200000 Cannot support requested version
5.2 0x00400000 Server requires more secure cipher suites than the client support
5.2 0x00800000 Local error independent of the protocol
5.2 0x01000000 Cancel handshake for other reasons
5.2 0x02000000 Cannot negotiate the handshake
5.2 0x04000000 Host mismatch (Common Name)
5.2 0x08000000 Alert to viewing the certificate
5.2 0x10000000 Alert for unrecognized server name list
5.2 +CSSL: RECV EVENT, <ssl_id> | +CSSL: RECV EVENT
5.2 +CSSLRECV: DATA, <session_id>,<len> | +CSSLRECV: DATA

6.1 AT+CHTTPSSTART
6.1 AT+CHTTPSOPSE="www.mywebsite.com",443
6.1 AT+CHTTPSENDD=88
6.1 AT+CHTTPSENDD | AT+CHTTPSENDD
6.1 AT+CHTTPSRECV=1
6.1 +CHTTPSRECV: DATA,249 | +CHTTPSRECV: DATA,227
6.1 +CHTTPSRECV: 0
6.1 AT+CHTTPSCLSE
6.1 AT+CHTTPSSTOP
6.2 AT+CFTPSSTART
6.2 AT+CFTPLOGIN="www.myftpsserver.com",990, "myname", "mypassword" | AT+CFTPLOGIN
6.2 AT+CFTPSMKD="testdir"
6.2 AT+CFTPSRMD="testdir"
6.2 AT+CFTPSDEL="testdelfile.txt"
6.2 AT+CFTPSCWD="/mysubdir"
6.2 AT+CFTPSPWD
6.2 +CFTPSPWD:"/mysubdir"
6.2 AT+CFTPSTYPE=I
6.2 AT+CFTPSLIST
6.2 +CFTPSLIST: DATA,193 | +CFTPSLIST: DATA,19
6.2 +CFTPSLIST: 0
6.2 AT+CFTPSGETFILE=1,"testfile.jpg"
6.2 +CFTPSGETFILE: 0
6.2 AT+CFTPSPUTFILE=1,"testfile.jpg"
6.2 +CFTPSPUTFILE: 0
6.2 AT+CFTPSGET="testfile.jpg"
6.2 +CFTPSGET: DATA, 1024,
6.2 +CFTPSGET:DATA, 1058
6.2 +CFTPSGET: 0
6.2 AT+CFTPSPUT="t1.txt",11 | AT+CFTPSPUT="t1.txt",12
6.2 AT+CFTPSPUT=18
6.2 left data put here
6.2 AT+CFTPSPUT | AT+CFTPSPUT
6.2 +CFTPSPUT: 0
6.2 AT+CFTPSLOGOUT
6.2 AT+CFTPSSTOP
6.3 AT+CSSLSET=1
6.3 AT+CSSLSTART
6.3 AT+CSSLOPEN=1,"www.myserver.com",443
6.3 +CSSLALERT: 0,2,134218240
6.3 +CSSLOPEN: ALERTSTATE
6.3 AT+CSSLCONT=1
6.3 AT+CSSLSEND=1, 88
6.3 +CSSLSEND: 1, 0, 88
6.3 +CSSLRECV: DATA, 1, 249 | +CSSLRECV: DATA,1,227
6.3 AT+CSSLCLOSE=1
6.3 AT+CSSLSTOP

7 HTTPS and FTPS cannot run together | -
7 HTTPS and Common SSL cannot run together | -
7 FTPS and Common SSL cannot run together | -
7 TCP/IP Related AT Commands | AT+NETOPEN
7 MMS AT Commands | MMS
7 GPS AT Commands | CGPS
7 HTTP AT command | CHTTPACT
7 FTP AT command | CFTP
"""


def items():
    """(chapter, item, text that a test must have) for each."""
    for line in ITEMS.splitlines():
        if not line.strip():
            continue
        chapter, _, rest = line.partition(" ")
        item, _, text = rest.partition(" | ")
        if not text and item.startswith("0x"):
            text = item.partition(" ")[2]  # the bit's words
        yield chapter, item.strip(), (text or item).strip()
