import Foundation
import Testing

/// The page as a browser, or a stranger, meets it: by a socket.
@Suite("The server of the page")
struct ServeTests {
    private let program: Program

    init() throws { program = try Program() }

    /// Shell: serves, and asks what comes on standard input; the first line of the answer.
    private static let serving = """
        $A serve --port 0 >page 2>/dev/null & trap "kill $!" EXIT
        for i in $(seq 600); do [ -s page ] && break; sleep 0.05; done
        port=$(tr -dc '0-9:' <page | cut -d: -f3)
        ask() { exec 3<>/dev/tcp/127.0.0.1/$port; cat >&3; timeout 30 head -n "${1:-1}" <&3 | tr -d '\\r'; }

        """

    private func answers(_ line: String) throws -> String {
        try program.shell(Self.serving + line).output
    }

    @Test("answers what is there, and by one connection again; a second host, or none, is refused")
    func requests() throws {
        let text = try answers(
            #"""
            end='Connection: close\r\n\r\n'
            printf "GET /page.css HTTP/1.1\r\nHost: localhost\r\n$end" | ask
            printf "GET /none HTTP/1.1\r\nHost: localhost\r\n$end" | ask
            printf "GET / HTTP/1.1\r\n$end" | ask
            printf "GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n$end" | ask
            printf "GET / HTTP/1.1\r\nHost: localhost:1@evil.example\r\n$end" | ask
            printf "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000000\r\n\r\nabc" | ask
            printf 'nothing\r\n\r\n' | ask
            head='HEAD /page.js HTTP/1.1\r\nHost: localhost\r\n'
            printf "$head\r\n$head$end" | ask 100 | grep -c '200 OK'
            printf 'GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n' | ask 12 | grep -c '^data: {"version":'
            """#)
        #expect(
            text == """
                HTTP/1.1 200 OK
                HTTP/1.1 404 Not Found
                HTTP/1.1 403 Forbidden
                HTTP/1.1 403 Forbidden
                HTTP/1.1 403 Forbidden
                HTTP/1.1 405 Method Not Allowed
                HTTP/1.1 400 Bad Request
                2
                1

                """)
    }

    @Test("lines and headers without end keep nobody else waiting")
    func endless() throws {
        let text = try answers(
            #"""
            for start in 'GET /' 'GET /?a=1&' 'GET / HTTP/1.1\r\nx: '; do
              (printf "$start"; head -c 2000000 /dev/zero | tr '\0' a) | ask >/dev/null 2>&1
            done
            printf 'GET /page.css HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' | ask
            """#)
        #expect(text == "HTTP/1.1 200 OK\n")
    }
}
