import HTTPTypes
import Jobs
import KreaAPI
import SQLiteStore
import Synchronization
import TestSupport
import Testing
import Web

@testable import krea_fcgi

/// The one call by which an operator learns whether Krea accepts the token.
@Suite struct TokenCheckTests {
    private let time = TestTime()
    private let folder: TemporaryFolder
    private let store: SQLiteStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.file("jobs.sqlite"), rules: PaceRules())
    }

    /// Answers every request alike, and counts them.
    private final class Answering: Transport {
        let calls = Mutex(0)
        let status: Int

        init(_ status: Int) { self.status = status }

        func exchange(_ request: HTTPRequest, body: [UInt8], timeout: Duration) async throws(TransportError) -> (HTTPResponse, [UInt8]) {
            calls.withLock { $0 += 1 }
            return (HTTPResponse(status: .init(code: status)), Array(#"{"items": [], "next_cursor": null}"#.utf8))
        }
    }

    private func check(_ transport: Answering, token: String? = "t") async throws -> (
        lines: [String], findings: [ConfigurationCheck.Finding]
    ) {
        let krea = KreaClient(
            server: .krea, token: { token.flatMap(KreaToken.init) }, userAgent: "test", timeout: .seconds(1), transport: transport)
        return try await TokenCheck(krea: krea, store: store, now: { [time] in time.now }).run()
    }

    @Test func `an accepted token is one call, which is in the ledger and counts for the pace`() async throws {
        let transport = Answering(200)
        let result = try await check(transport)
        #expect(result.findings == [])
        #expect(result.lines == ["Krea was asked once, for the latest job: it accepts the token."])
        #expect(transport.calls.withLock { $0 } == 1)
        let calls = try store.calls(after: 0, limit: 10)
        #expect(calls.map(\.kind) == [.list])
        #expect(calls.map(\.outcome) == ["checked"])
        // The next one keeps its distance.
        let again = try await check(transport)
        #expect(again.findings == [.warning("Krea was not asked: no call may be made before 2026-03-01T12:00:06.000Z. Try again then.")])
        #expect(transport.calls.withLock { $0 } == 1)
        time.advance(by: .seconds(6))
        #expect(try await check(transport).findings == [])
    }

    @Test func `a refused token is an error, and the service's own token is not held for it`() async throws {
        #expect(try await check(Answering(401)).findings == [.error("Krea does not accept the token.")])
        #expect(try store.overview(at: time.now).pace.isTokenRefused == false)
    }

    @Test func `a 429 is silence for everybody, and into a silence nobody asks`() async throws {
        #expect(try await check(Answering(429)).findings == [.error("Krea answered 429, so nothing may be asked for a while.")])
        #expect(try store.overview(at: time.now).pace.silentUntil == time.now + .seconds(30))
        time.advance(by: .seconds(29))
        let transport = Answering(200)
        #expect(try await check(transport).findings.count == 1)
        #expect(transport.calls.withLock { $0 } == 0)
    }

    @Test func `without a token Krea is not asked`() async throws {
        let transport = Answering(200)
        #expect(try await check(transport, token: nil).findings == [.error(tokenMissingMessage)])
        #expect(transport.calls.withLock { $0 } == 0)
    }
}
