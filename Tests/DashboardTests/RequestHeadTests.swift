import Dashboard
import Testing

@Suite("The head of a request")
struct RequestHeadTests {
    private func heads(_ text: String, pieces count: Int = .max) throws -> [RequestHead] {
        var buffer = RequestBuffer()
        var heads: [RequestHead] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            buffer.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
            while let head = try buffer.next() { heads.append(head) }
        }
        return heads
    }

    @Test(
        "is read in whatever pieces it comes, and so are those behind it", arguments: [1, 7, 1000])
    func pieces(count: Int) throws {
        let text =
            "GET /a%20b?x=1?2&y HTTP/1.1\r\nHost: localhost:1\r\nCookie: a=1\r\ncookie:b=2\r\n\r\n"
            + "HEAD / HTTP/1.0\nConnection: Keep-Alive\n\n" + "GET /half HTTP/1.1\r\n"
        let found = try heads(text, pieces: count)
        #expect(found.count == 2)
        #expect(found[0].method == "GET" && found[0].path == "/a b" && found[0].query == "x=1?2&y")
        #expect(found[0].values("host") == ["localhost:1"])
        #expect(found[0].values("cookie") == ["a=1", "b=2"])
        #expect(found[0].keepsConnection && !found[0].hasBody)
        #expect(found[1].method == "HEAD" && found[1].path == "/" && found[1].keepsConnection)
    }

    @Test("says whether the connection stays, and whether a body follows")
    func connection() throws {
        func head(_ lines: String, version: String = "1.1") throws -> RequestHead {
            try #require(try heads("GET / HTTP/\(version)\r\n\(lines)\r\n").first)
        }
        #expect(try !head("Connection: upgrade, Close\r\n").keepsConnection)
        #expect(try !head("", version: "1.0").keepsConnection)
        #expect(try head("Content-Length: 5\r\n").hasBody)
        #expect(try head("Transfer-Encoding: chunked\r\n").hasBody)
        #expect(try !head("Content-Length: 0\r\n").hasBody)
    }

    @Test(
        "that is none is refused",
        arguments: [
            "\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET x HTTP/1.1\r\n\r\n",
            "GET / / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "GET / HTTP/1.1\r\n: b\r\n\r\n",
            "GET / HTTP/1.1\r\nnothing\r\n\r\n",
        ])
    func malformed(text: String) {
        #expect(throws: RequestHead.Fault.malformed) { try heads(text) }
    }

    @Test("longer than 16 KB is refused before its end, in its first line and in its headers")
    func tooLong() throws {
        let name = String(repeating: "a", count: RequestBuffer.longest)
        #expect(throws: RequestHead.Fault.tooLong) { try heads("GET /\(name)", pieces: 4096) }
        let headers = String(repeating: "a: b\r\n", count: RequestBuffer.longest / 6 + 1)
        #expect(throws: RequestHead.Fault.tooLong) {
            try heads("GET / HTTP/1.1\r\n" + headers, pieces: 4096)
        }
        // Each head has its own bound.
        let long = "GET /\(name.dropLast(1000)) HTTP/1.1\r\n\r\n"
        #expect(try heads(long + long + long).count == 3)
    }

    @Test("connections are counted, those of one address apart; this machine has all")
    func counts() {
        var count = ConnectionCount(most: 4, mostOfOne: 2)
        func admitted(_ peers: String...) -> [Bool] { peers.map { count.admit($0) } }
        #expect(admitted("10.0.0.1", "10.0.0.1", "10.0.0.1") == [true, true, false])
        #expect(admitted("127.0.0.1", "10.0.0.2", "127.0.0.1") == [true, true, false])
        count.end("10.0.0.1")
        #expect(admitted("127.0.0.1", "10.0.0.1") == [true, false])
        count.end("127.0.0.1")
        #expect(admitted("10.0.0.1") == [true])
    }
}
