import Testing

@testable import Status

/// What is read of a request's head.
@Suite struct StatusRequestTests {
    private func head(_ text: String) -> StatusRequest? {
        guard case .head(let head, let length) = StatusRequest.read(Array(text.utf8)), length == text.utf8.count else { return nil }
        return head
    }

    @Test(arguments: [
        ("GET / HTTP/1.1", StatusRequest(method: "GET", target: "/", isKept: true)),
        ("GET / HTTP/1.0", StatusRequest(method: "GET", target: "/", isKept: false)),
        ("HEAD /a?b HTTP/1.1\r\nConnection: Close", StatusRequest(method: "HEAD", target: "/a?b", isKept: false)),
        ("GET / HTTP/1.0\r\nconnection: Keep-Alive", StatusRequest(method: "GET", target: "/", isKept: true)),
        (
            "GET / HTTP/1.1\r\nAccept: text/html\r\naccept:*/*",
            StatusRequest(method: "GET", target: "/", accept: "text/html,*/*", isKept: true)
        ),
        ("PUT / HTTP/1.1\r\nContent-Length: 7", StatusRequest(method: "PUT", target: "/", isKept: true, bodyLength: 7)),
        ("PUT / HTTP/1.1\r\nContent-Length: 65537", StatusRequest(method: "PUT", target: "/", isKept: false)),
        ("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked", StatusRequest(method: "PUT", target: "/", isKept: false)),
    ])
    func `a head says what is asked for, and whether the connection stays`(text: String, expected: StatusRequest) {
        #expect(head(text + "\r\n\r\n") == expected)
    }

    @Test(arguments: ["", "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA: b\r\n", "GET / HTTP/1.1\r\nA: b\r\n\r"])
    func `half a head waits for the rest`(text: String) {
        #expect(StatusRequest.read(Array(text.utf8)) == .incomplete)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n: a\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "GET /a b HTTP/1.1\r\n\r\n", "\r\n\r\n",
    ])
    func `what is no head is malformed`(text: String) {
        #expect(StatusRequest.read(Array(text.utf8)) == .malformed)
    }
}
