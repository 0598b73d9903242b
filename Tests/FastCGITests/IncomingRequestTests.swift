import TestSupport
import Testing

@testable import FastCGI

/// A request that comes in bit by bit, without a connection.
@Suite struct IncomingRequestTests {
    private static let limits = IncomingRequest.Limits(body: 1000, head: 5000, grace: .seconds(10), rate: 500, total: .seconds(60))

    private static func records(_ length: String?, body: Int, isEnded: Bool, padding: UInt8 = 0) -> [UInt8] {
        var pairs = FastCGIRecord.pairs(["REQUEST_METHOD": "POST", "REQUEST_URI": "/a"])
        if let length { pairs += FastCGIRecord.pairs(["CONTENT_LENGTH": length], isLong: true) }
        var bytes = FastCGIRecord.begin().bytes + FastCGIRecord(.parameters, Array(pairs[..<9]), padding: padding).bytes
        bytes += FastCGIRecord(.parameters, Array(pairs[9...]), padding: padding).bytes + FastCGIRecord(.parameters).bytes
        if body > 0 { bytes += FastCGIRecord(.standardInput, (0..<body).map { UInt8(truncatingIfNeeded: $0) }, padding: padding).bytes }
        return isEnded ? bytes + FastCGIRecord(.standardInput).bytes : bytes
    }

    private static func request(_ parts: [UInt8]..., since: ContinuousClock.Instant = .now) -> IncomingRequest {
        var request = IncomingRequest(since: since, limits: limits)
        for part in parts { part.withUnsafeBytes { request.take($0) } }
        return request
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let length: String?
        let body: Int
        var isEnded = true
        let state: IncomingRequest.State

        var testDescription: String { "CONTENT_LENGTH \(length ?? "absent"), \(body) bytes, \(isEnded ? "ended" : "open")" }
    }

    @Test(arguments: [
        Row(length: nil, body: 0, state: .whole), Row(length: nil, body: 0, isEnded: false, state: .partial),
        Row(length: nil, body: 1, isEnded: false, state: .refused), Row(length: "-1", body: 1, isEnded: false, state: .refused),
        Row(length: "0", body: 1, isEnded: false, state: .refused), Row(length: "10", body: 0, isEnded: false, state: .partial),
        Row(length: "10", body: 10, isEnded: false, state: .partial), Row(length: "10", body: 10, state: .whole),
        Row(length: "10", body: 3, state: .whole), Row(length: "10", body: 11, isEnded: false, state: .refused),
        Row(length: "1000", body: 1000, state: .whole), Row(length: "1001", body: 0, isEnded: false, state: .refused),
        Row(length: "five", body: 0, isEnded: false, state: .refused),
    ])
    func `it is whole with its end, and refused as soon as its body can be none that is taken`(row: Row) {
        #expect(Self.request(Self.records(row.length, body: row.body, isEnded: row.isEnded)).state == row.state)
    }

    @Test(arguments: [UInt8(0), 7])
    func `it is the same however it is cut, and libfcgi is given the same body`(padding: UInt8) {
        let bytes = Self.records("300", body: 300, isEnded: true, padding: padding)
        let whole = Self.request(bytes)
        for place in 1..<bytes.count {
            let first = Self.request(Array(bytes[..<place]))
            #expect(first.state == .partial, "cut at \(place)")
            let both = Self.request(Array(bytes[..<place]), Array(bytes[place...]))
            #expect(both.state == .whole, "cut at \(place)")
            #expect(both.records == whole.records, "cut at \(place)")
        }
        #expect(whole.records.withUnsafeBytes { RequestFlow.stage(of: $0) } == .complete)
        if padding == 0 { #expect(whole.records == bytes) }
    }

    @Test func `of a body that is too long no more is kept than shows it`() {
        let request = Self.request(Self.records("10", body: 900, isEnded: false))
        #expect(request.state == .refused)
        #expect(request.records.suffix(11).elementsEqual(0..<11))
    }

    @Test(arguments: ["abort", "management", "second", "other", "version", "early", "padded"])
    func `what no web server sends in the middle of a request is foreign`(what: String) {
        let post = Self.records("10", body: 3, isEnded: false)
        let stranger: [UInt8] =
            switch what {
            case "abort": FastCGIRecord(.abortRequest).bytes
            case "management": FastCGIRecord(.getValues, requestID: 0).bytes
            case "second": FastCGIRecord.begin().bytes
            case "other": FastCGIRecord(.standardInput, [1], requestID: 2).bytes
            case "version": [2] + FastCGIRecord(.standardInput).bytes.dropFirst()
            case "early": FastCGIRecord(.parameters).bytes
            default: FastCGIRecord(.standardInput, padding: 1).bytes
            }
        #expect(Self.request(post, stranger).state == .foreign)
        #expect((post + stranger).withUnsafeBytes { RequestFlow.stage(of: $0) } == .foreign)
    }

    @Test func `a head without an end is not kept for ever`() {
        let part = FastCGIRecord(.parameters, FastCGIRecord.pairs(["A": String(repeating: "a", count: 2000)])).bytes
        #expect(Self.request(FastCGIRecord.begin().bytes, part, part).state == .partial)
        #expect(Self.request(FastCGIRecord.begin().bytes, part, part, part).state == .foreign)
    }

    @Test func `it has some seconds, one more for every 500 bytes, and no more than there are in all`() {
        let start = ContinuousClock.now
        #expect(Self.request(since: start).deadline == start + .seconds(10))
        // What a web server holds back of a body that it has announced.
        #expect(Self.request(Self.records("1000", body: 0, isEnded: false), since: start).deadline == start + .seconds(12))
        let bytes = Self.records("1000", body: 900, isEnded: false)
        #expect(Self.request(bytes, since: start).deadline == start + .seconds(10 + bytes.count / 500))
        let padded = (0..<200).map { _ in FastCGIRecord(.standardInput, [1], padding: 255).bytes }.joined()
        #expect(Self.request(Self.records("1000", body: 0, isEnded: false), Array(padded), since: start).deadline == start + .seconds(60))
    }

    @Test func `it takes no more memory than has come, whatever length it announces`() {
        #expect(Self.request(Self.records("1000", body: 1, isEnded: false)).footprint < 1000)
    }
}
