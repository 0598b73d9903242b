import Testing

/// The check itself: what it lets pass, and what it finds.
@Suite(.timeLimit(.minutes(5))) struct ContractTests {
    struct Row: CustomTestStringConvertible {
        var method = "GET"
        var path = "/api/models"
        var status = 200
        var headers = ["Content-Type": "application/json", "ETag": "\"1\"", "X-Request-ID": "r-1"]
        var body = #"{"items": [], "catalogue": {"source": "krea", "read_at": null}}"#
        /// Words of what is found; nil for nothing.
        let fault: String?
        var testDescription: String { "\(method) \(path) \(status) \(headers) \(body)" }
    }

    private static let problem = #"{"error": "No.", "code": "no"}"#
    private static let json = ["Content-Type": "application/json", "X-Request-ID": "r-1"]

    @Test(arguments: [
        Row(fault: nil),
        Row(body: #"{"items": [], "catalogue": {"source": "krea", "read_at": null, "more": 1}}"#, fault: "'more' was unexpected"),
        Row(body: #"{"items": [{}], "catalogue": {"source": "krea", "read_at": null}}"#, fault: "'id' is a required property"),
        Row(body: #"{"items": [], "catalogue": {"source": "here", "read_at": null}}"#, fault: "'here' is not one of"),
        Row(body: #"{"items": [], "catalogue": {"source": "krea", "read_at": "today"}}"#, fault: "'today' is not valid"),
        Row(body: "{}", fault: "'items' is a required property"),
        Row(status: 299, fault: "status 299 is not documented"),
        Row(headers: json, fault: "ETag is missing"),
        Row(headers: ["Content-Type": "application/json", "ETag": "\"1\""], fault: "X-Request-ID is missing"),
        Row(headers: ["Content-Type": "application/json", "ETag": "1"], fault: "ETag: "),
        Row(headers: ["Content-Type": "text/html", "ETag": "\"1\""], fault: "Content-Type text/html is not documented"),
        Row(method: "HEAD", body: "", fault: nil),
        Row(method: "HEAD", fault: "there is a body"),
        Row(status: 304, body: "", fault: nil),
        Row(status: 304, fault: "there is a body"),
        Row(method: "PUT", status: 405, headers: ["Content-Type": "application/json", "Allow": "GET"], body: problem, fault: nil),
        Row(method: "PUT", status: 405, headers: json, body: problem, fault: "Allow is missing"),
        Row(method: "OPTIONS", status: 204, headers: ["Allow": "GET"], body: "", fault: nil),
        Row(method: "OPTIONS", status: 204, headers: [:], body: "", fault: "Allow is missing"),
        Row(method: "PUT", fault: "status 200 is not documented"),
        Row(path: "/api/nothing", status: 404, headers: json, body: problem, fault: nil),
        Row(path: "/api/nothing", status: 404, headers: json, body: #"{"error": "No."}"#, fault: "'code' is a required property"),
        Row(path: "/api/nothing", fault: "status 200 is not documented"),
        Row(path: "/api/jobs?limit=1", headers: json, body: #"{"items": [], "next_cursor": null}"#, fault: nil),
        Row(path: "/health", headers: ["Content-Type": "text/plain; charset=utf-8", "X-Request-ID": "r-1"], body: "ok\n", fault: nil),
        Row(path: "/health", headers: ["Content-Type": "text/plain"], body: "bad\n", fault: "was expected"),
    ])
    func `an answer is as the document says, or it is said what is not`(row: Row) async throws {
        let fault = try await Contract.shared.fault(row.method, row.path, status: row.status, headers: row.headers, body: row.body)
        if let words = row.fault { #expect(fault.contains(words), "\(fault)") } else { #expect(fault.isEmpty) }
    }
}
