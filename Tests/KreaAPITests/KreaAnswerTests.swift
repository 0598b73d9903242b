import HTTPTypes
import Jobs
import Testing

@testable import KreaAPI

/// Bodies of errors and jobs as they were seen or documented, literally.
@Suite struct KreaAnswerTests {
    private func answer(_ status: Int, _ body: String, _ fields: HTTPFields = [:]) -> KreaAnswer {
        KreaAnswer(response: HTTPResponse(status: .init(code: status), headerFields: fields), body: Array(body.utf8))
    }

    @Test(
        arguments: [
            (#"{"error":"Invalid body"}"#, "Invalid body"),
            (#"{"error":{"code":"bad","message":"Width is too small"}}"#, "Width is too small"),
            (#"{"message":"Please top up your API balance."}"#, "Please top up your API balance."),
            (#"{"detail":"Not allowed"}"#, "Not allowed"),
            (#"{"detail":[{"loc":["body","width"],"msg":"too small","type":"x"}]}"#, "body.width: too small"),
            (
                #"{"error":"Request validation failed","details":[{"path":["width"],"message":"too small"},{"path":"steps","message":"no"}]}"#,
                "Request validation failed; width: too small; steps: no"
            ),
            (#"{"error":"model_unavailable","reason":"deprecated","message":"Use nano-banana-2 now."}"#, "Use nano-banana-2 now."),
            (#"{"error":"model_unavailable"}"#, "model_unavailable"),
            (#"{"error":{"code":"bad"}}"#, "bad"),
            (#"{"detail":[{"loc":["width"],"msg":"too small"},{"loc":["steps"],"msg":"too many"}]}"#, "width: too small; steps: too many"),
            (#"{"error":["Too wide","Too high"]}"#, "Too wide; Too high"),
            (
                #"{"error":{"message":"Validation failed","issues":[{"path":["width"],"message":"too small"}]}}"#,
                "Validation failed; width: too small"
            ),
            (#"{"error":"Bad","errors":["Bad","Too wide"]}"#, "Bad; Too wide"),
            (#"{"result":{"error":"Why"}}"#, "Why"),
            (#"{"error":"","message":""}"#, nil),
            ("error code: 1010", "error code: 1010"),
            ("<html><body>Bad gateway</body></html>", nil),
            ("", nil), ("{}", nil), ("[]", nil), (#"{"error":null}"#, nil),
        ] as [(String, String?)])
    func `Krea's words are found wherever they stand`(body: String, words: String?) {
        #expect(answer(400, body).error == .refused(words: words))
    }

    @Test(
        arguments: [
            (400, #"{"error":"nsfw"}"#, .nsfw),
            (400, #"{"error":"NSFW content detected"}"#, .nsfw),
            (422, #"{"error":{"code":"ip_detected","message":"Blocked"}}"#, .ipDetected),
            (422, #"{"error":{"code":"IP-DETECTED"}}"#, .ipDetected),
            (422, #"{"detail":[{"loc":["body","prompt"],"msg":"not allowed","type":"personal_info"}]}"#, .personalInfo),
            (403, #"{"code":"violence","error":"Not allowed"}"#, .violence),
            (400, #"{"error":"Moderation found violent content."}"#, .violence),
            (400, #"{"error":"Request validation failed","issues":[{"code":"violence","message":"no"}]}"#, .violence),
            (400, #"{"error":"Refused by our content policy."}"#, nil),
            (422, #"{"error":{"code":"moderation_blocked"}}"#, nil),
            (451, #"{"message":"The safety system refused this."}"#, nil),
        ] as [(Int, String, ContentRefusal?)])
    func `a refusal of the content is known by Krea's word for it, wherever it stands`(status: Int, body: String, reason: ContentRefusal?) {
        let error = answer(status, body).error
        if case .contentRefused(let found, words: .some) = error, found == reason { return }
        Issue.record("\(String(describing: error))")
    }

    @Test(arguments: [
        #"{"error":"safety_tolerance must be 1 to 6"}"#, #"{"error":"There is violence in the air"}"#,
        #"{"detail":[{"loc":["body","prompt"],"msg":"too long","input":"nsfw"}]}"#, #"{"error":"Invalid asset URL"}"#,
    ])
    func `a fault of the request is no refusal of the content, whatever the prompt was`(body: String) {
        let error = answer(422, body).error
        if case .refused = error { return }
        Issue.record("\(String(describing: error))")
    }

    @Test(
        arguments: [
            (402, #"{"message":"Your API balance is separate from your workspace compute balance. Please top up."}"#),
            (402, #"{"error":{"code":"INSUFFICIENT_BALANCE"}}"#), (402, ""), (402, "<html>"),
            (402, #"{"error":"This model requires a higher plan."}"#),
            (403, #"{"error":{"code":"INSUFFICIENT_BALANCE"}}"#), (400, #"{"error":"Insufficient credits"}"#),
        ])
    func `an empty balance, or a plan that is too low, is out of credit, with whatever status it comes`(status: Int, body: String) {
        let error = answer(status, body).error
        if case .outOfCredit = error { return }
        Issue.record("\(String(describing: error))")
    }

    @Test(arguments: ["error code: 1010", #"{"error":"Forbidden"}"#, "<html>no</html>"])
    func `403 without more is what it says`(body: String) {
        let error = answer(403, body).error
        if case .forbidden = error { return }
        Issue.record("\(String(describing: error))")
    }

    @Test func `words, status, IDs and addresses are bounded, in code points and bytes`() throws {
        let accents = "a" + String(repeating: "\u{301}", count: 100_000)
        guard case .refused(let words?) = answer(400, #"{"error":"\#(accents)"}"#).error else { throw NoJob() }
        #expect(words.unicodeScalars.count == 500)
        let long = String(repeating: "s", count: 300_000)
        let many = (0..<20_000).map { #""https://gen.krea.ai/\#($0).png""# }.joined(separator: ",")
        let found = try #require(
            job(#"{"job_id":"1","status":"completed\#(long)","error":"\#(accents)","result":{"urls":["https://gen.krea.ai/\#(long)"]}}"#))
        #expect(found.status == "completed" + String(repeating: "s", count: 31))
        #expect(found.failure?.detail?.unicodeScalars.count == 500)
        #expect(found.urls.isEmpty)
        #expect(job(#"{"job_id":"1","status":"completed","result":{"urls":[\#(many)]}}"#)?.urls.count == 16)
        #expect(job(#"{"job_id":"1","status":"done\n\u0000"}"#)?.status == "done??")
        for id in ["\(long)", "..", ".", "a b", #"a\n"#, "é", ""] { #expect(job(#"{"job_id":"\#(id)","status":"queued"}"#) == nil) }
    }

    private struct NoJob: Error {}

    @Test func `an answer that is nested deep or has too many values is not read`() {
        let deep = { (depth: Int) in String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth) }
        #expect(answer(200, deep(32)).json != nil)
        #expect(answer(200, deep(33)).json == nil)
        #expect(answer(200, String(repeating: "[", count: 1_000_000)).json == nil)
        let wide = { (count: Int) in "[" + String(repeating: "0,", count: count) + "0]" }
        #expect(answer(200, wide(49_000)).json != nil)
        #expect(answer(200, wide(50_000)).json == nil)
        #expect(answer(200, #"{"a":"\#(String(repeating: "[", count: 99))\"[,,,"}"#).json != nil)
        #expect(answer(200, "{\u{0}}").json == nil)
    }

    @Test func `of twenty thousand details fifty are looked at`() {
        let details = { (count: Int) in (0..<count).map { _ in #"{"msg":"x"}"# }.joined(separator: ",") }
        let said = #"{"msg":"nsfw"}"#
        #expect(answer(422, #"{"detail":[\#(details(20_000)),\#(said)]}"#).error == .refused(words: "x"))
        #expect(answer(422, #"{"detail":[\#(details(40)),\#(said)]}"#).error == .contentRefused(.nsfw, words: "x; nsfw"))
    }

    @Test(
        arguments: [
            ("null", .last), (#""2026-11-28T16:10:00Z""#, .next("2026-11-28T16:10:00Z")), ("7", .unknown), ("\"\"", .unknown),
            ("{}", .unknown), (nil, .last),
        ] as [(String?, AccountPage.End)])
    func `only a cursor of null, or none after less than was asked for, ends a list`(cursor: String?, end: AccountPage.End) throws {
        let body = #"{"items":[{"job_id":"k","created_at":"2026-11-28T16:10:00Z"}]\#(cursor.map { #","next_cursor":\#($0)"# } ?? "")}"#
        #expect(AccountPage(answer(200, body), limit: 2)?.end == end)
        #expect(AccountPage(answer(200, body), limit: 1)?.end == (cursor == nil ? .unknown : end))
    }

    @Test func `each job of a list is read for itself`() throws {
        let items = #"{"job_id":"k1","created_at":1795882200},{"job_id":7,"created_at":"2026-11-28T16:10:00Z"},{"job_id":"k2"},null,[]"#
        let page = try #require(AccountPage(answer(200, #"{"items":[\#(items)],"next_cursor":null}"#), limit: 9))
        let moment = Timestamp(milliseconds: 1_795_882_200_000)
        #expect(
            page.jobs == [
                ListedJob(id: "k1", createdAt: moment), ListedJob(id: nil, createdAt: moment), ListedJob(id: "k2", createdAt: nil),
                ListedJob(id: nil, createdAt: nil), ListedJob(id: nil, createdAt: nil),
            ])
        #expect(AccountPage(answer(200, #"{"items":{}}"#), limit: 9) == nil)
    }

    @Test func `long words are cut`() {
        let words = String(repeating: "x", count: 2000)
        #expect(answer(400, #"{"error":"\#(words)"}"#).error == .refused(words: String(words.prefix(500))))
    }

    @Test(arguments: [(408, true), (425, true), (301, true), (500, true), (504, true), (599, true), (409, false), (413, false)])
    func `a status that leaves open what happened is trouble, a clear no is a refusal`(status: Int, trouble: Bool) {
        #expect(answer(status, "{}").error == (trouble ? .trouble(status: status) : .refused(words: nil)))
    }

    @Test(arguments: [200, 201, 202])
    func `a 2xx is no error`(status: Int) {
        #expect(answer(status, "{}").error == nil)
    }

    @Test(
        arguments: [
            ("3600", nil, .seconds(3600)), ("3601", nil, .seconds(3600)), ("1764000000000", nil, .seconds(3600)),
            ("9223372036854775807", nil, .seconds(3600)), ("99999999999999999999", nil, .seconds(3600)), ("1e9", nil, nil),
            ("+5", nil, nil),
            ("Fri, 31 Dec 2027 23:59:59 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", .seconds(3600)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", .seconds(3600)),
            ("45", nil, .seconds(45)), ("0", nil, .zero), ("-1", nil, nil), ("soon", nil, nil),
            ("Sun, 22 Nov 2026 12:00:40 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", .seconds(40)),
            ("Sun, 22 Nov 2026 11:00:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", .zero),
            ("Sun, 22 Nov 2026 12:00:40 GMT", nil, nil),
        ] as [(String, String?, Duration?)])
    func `Retry-After is seconds or a date beside Krea's own`(text: String, date: String?, wait: Duration?) {
        var fields: HTTPFields = [.retryAfter: text]
        fields[.date] = date
        #expect(answer(429, "{}", fields).error == .limited(retryAfter: wait))
    }

    private func job(_ body: String) -> KreaJob? {
        answer(200, body).json.flatMap { KreaJob($0) { KreaServer.krea.mayShow($0) } }
    }

    @Test(arguments: [
        (#"["https://gen.krea.ai/a.png","https://gen.krea.ai/b.png"]"#, ["https://gen.krea.ai/a.png", "https://gen.krea.ai/b.png"]),
        (#"[{"type":"model","url":"https://gen.krea.ai/a.png"}]"#, ["https://gen.krea.ai/a.png"]),
        (
            #"{"y":"https://gen.krea.ai/b.png","x":"https://gen.krea.ai/a.png"}"#,
            ["https://gen.krea.ai/a.png", "https://gen.krea.ai/b.png"]
        ),
        (#"{"x":{"url":"https://gen.krea.ai/a.png"}}"#, ["https://gen.krea.ai/a.png"]),
        (#"null"#, []), ("7", []),
    ])
    func `result.urls is read in every shape`(urls: String, addresses: [String]) {
        #expect(job(#"{"job_id":"1","status":"completed","result":{"urls":\#(urls)}}"#)?.urls == addresses)
    }

    @Test(
        arguments: [
            (#""error":{"code":"x","message":"why"}"#, JobFailure(.generationFailed, detail: "why")),
            (#""error":{"code":"nsfw"}"#, JobFailure(.contentRefused, detail: "nsfw", because: .nsfw)),
            (#""error":{"code":"ip_detected","message":"Blocked"}"#, JobFailure(.contentRefused, detail: "Blocked", because: .ipDetected)),
            (#""error":null,"result":{"error":"why"}"#, JobFailure(.generationFailed, detail: "why")),
            (
                #""result":{"error":{"message":"personal_info found"}}"#,
                JobFailure(.contentRefused, detail: "personal_info found", because: .personalInfo)
            ),
            (#""error":"violence""#, JobFailure(.contentRefused, detail: "violence", because: .violence)),
            (#""error":"Flagged by moderation""#, JobFailure(.contentRefused, detail: "Flagged by moderation")),
            (#""error":"A man of violence cannot be drawn""#, JobFailure(.generationFailed, detail: "A man of violence cannot be drawn")),
            (#""message":"why""#, JobFailure(.generationFailed, detail: "why")),
            (#""detail":[{"msg":"why"}]"#, JobFailure(.generationFailed, detail: "why")),
            (#""errors":[{"message":"why"}]"#, JobFailure(.generationFailed, detail: "why")),
            (#""error":{}"#, nil), (#""error":[]"#, nil),
            (#""result":{}"#, nil), (#""result":null"#, nil),
        ] as [(String, JobFailure?)])
    func `the reason of a failure is found wherever it stands`(members: String, failure: JobFailure?) {
        #expect(job(#"{"job_id":"1","status":"failed",\#(members)}"#)?.failure == failure)
    }

    @Test(arguments: [
        "{}", "[]", #"{"job_id":"1"}"#, #"{"status":"queued"}"#, #"{"job_id":"","status":"queued"}"#, #"{"job_id":7,"status":"queued"}"#,
    ])
    func `what has no ID or no status is no job`(body: String) {
        #expect(job(body) == nil)
    }
}
