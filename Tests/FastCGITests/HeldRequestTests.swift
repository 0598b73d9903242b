import Answers
import FastCGI
import HTTPTypes
import Synchronization
import TestSupport
import Testing

/// Requests whose answer, or the rest of it, comes later.
@Suite(.timeLimit(.minutes(5))) struct HeldRequestTests {
    @Test func `more are held than there are threads, others are answered, and a change answers all`() async throws {
        let texts = try await HeldFixture.run(.init(threads: 1, drainTime: .zero)) { held in
            var clients: [FastCGIClient] = []
            for _ in 0..<40 { clients.append(try await held.send("/poll/a")) }
            try await held.isHeld(40)
            for _ in 0..<5 { #expect(try await held.fixture.exchange(HeldFixture.get("/"))?.text == "plain") }
            held.wake("a")
            let texts = try await onThread { [clients] in try clients.map { try $0.receiveAnswer()?.text } }
            #expect(held.server.heldRequests == 0)
            return texts
        }
        #expect(texts == Array(repeating: "changed ", count: 40))
    }

    @Test(arguments: [0, 1, 65_528 - 8, 65_528, 65_529, 1 << 20], [false, true])
    func `a late answer has all of its body, and a kept connection is used again`(count: Int, isKept: Bool) async throws {
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        try await HeldFixture.run { held in
            held.words.set(body)
            let client = try await held.hold("/poll/a", isKept: isKept)
            held.wake("a")
            let answer = try await onThread { try client.receiveAnswer() }
            #expect(answer?.status == 200)
            #expect(answer?.protocolStatus == 0)
            let isWhole = answer?.body == Array("changed ".utf8) + body
            #expect(isWhole)
            #expect(answer?["content-length"] == "\(count + 8)")
            if isKept {
                #expect(try await onThread { try client.exchange(HeldFixture.get("/"), isKept: true)?.text } == "plain")
                // Once more on the same connection, which has the same descriptor.
                try await onThread { try client.send(HeldFixture.get("/poll/b"), isKept: true) }
                try await held.isHeld(1)
                held.wake("b")
                #expect(try await onThread { try client.receiveAnswer()?.status } == 200)
            } else {
                #expect(try await onThread { try client.receiveEnd() })
            }
        }
    }

    @Test func `each piece reaches the web server when it is there, with no Content-Length, and the connection can be kept`() async throws {
        try await HeldFixture.run { held in
            let client = try await held.hold("/stream/a", isKept: true)
            func piece() async throws -> String? {
                try await onThread {
                    try client.receive().flatMap { $0.kind == .standardOutput ? String(decoding: $0.content, as: UTF8.self) : nil }
                }
            }
            #expect(try await piece() == "Status: 200 OK\r\nX-Request-ID: request-7\r\n\r\nbegin ")
            held.words.set(Array("two ".utf8))
            held.wake("a")
            #expect(try await piece() == "two ")
            held.words.set(Array("three".utf8), isLast: true)
            try await held.isHeld(1)
            held.wake("a")
            #expect(try await piece() == "three")
            #expect(try await onThread { try client.receiveAnswer() } == FastCGIAnswer(output: [], protocolStatus: 0))
            #expect(try await onThread { try client.exchange(HeldFixture.get("/"), isKept: true)?.text } == "plain")
        }
    }

    @Test func `to HEAD a long poll gives the head when it comes, and a stream at once`() async throws {
        try await HeldFixture.run { held in
            let poll = try await held.hold("/poll/a", method: "HEAD")
            held.wake("a")
            let late = try await onThread { try poll.receiveAnswer() }
            #expect(late?.status == 200)
            #expect(late?.body == [])
            #expect(late?["content-length"] == "8")
            let stream = try await held.send("/stream/a", method: "HEAD")
            let answer = try await onThread { try stream.receiveAnswer() }
            #expect(answer?.fields.map(\.name) == ["status", "x-request-id"])
            #expect(answer?.body == [])
            #expect(held.server.heldRequests == 0)
        }
    }

    @Test func `exactly those are woken that wait for the topic`() async throws {
        try await HeldFixture.run { held in
            let one = try await held.hold("/poll/a")
            let other = try await held.hold("/poll/b")
            held.wake("c")
            held.wake("a")
            #expect(try await onThread { try one.receiveAnswer()?.text } == "changed ")
            try await held.isHeld(1)
            #expect(held.words.asked == 1)
            held.server.wake(nil as [String]?)
            #expect(try await onThread { try other.receiveAnswer()?.text } == "changed ")
        }
    }

    @Test func `a change between the look and the wait is not lost`() async throws {
        let gate = Gate()
        let answer = try await HeldFixture.run(respond: { _, _, _, _ in
            // What the responder has seen is old when it says what to wait for.
            gate.hold()
            return Answer(wait: Wait(for: "a", atMost: .seconds(3600)) { Answer(.init(status: .ok), Array("\($0)".utf8)) })
        }) { held in
            let client = try await held.send("/")
            try await gate.isHeld()
            held.wake("a")
            gate.open()
            return try await onThread { try client.receiveAnswer() }
        }
        #expect(answer?.text == "changed")
    }

    @Test func `who waits long enough is asked for without a change`() async throws {
        let answer = try await HeldFixture.run(respond: { _, _, _, _ in
            Answer(wait: Wait(for: "a", atMost: .milliseconds(1)) { Answer(.init(status: .ok), Array("\($0)".utf8)) })
        }) { held in try await held.fixture.exchange(HeldFixture.get("/")) }
        #expect(answer?.text == "due")
    }

    enum Departure: CaseIterable { case close, halfClose, abort, strayBytes }

    @Test(arguments: Departure.allCases, ["/poll/a", "/stream/a"])
    func `a client that leaves ends its request, and its connection is closed`(departure: Departure, path: String) async throws {
        try await HeldFixture.run { held in
            var client: FastCGIClient? = try await held.hold(path, isKept: true)
            switch departure {
            case .close: client = nil
            case .halfClose: client?.finishSending()
            case .abort: try client?.send(FastCGIRecord(.abortRequest))
            case .strayBytes: try client?.send([7])
            }
            try await held.isHeld(0)
            if let client { _ = try await onThread { try client.receiveRest() } }
            #expect(held.words.asked == 0)
        }
    }

    @Test func `an error before the head is a page, one after it the end`() async throws {
        try await HeldFixture.run { held in
            let early = try await held.hold("/failing/a", isKept: true)
            let late = try await held.hold("/broken/a", isKept: true)
            held.wake("a")
            let page = try await onThread { try early.receiveAnswer() }
            #expect(page?.status == 500)
            #expect(page?.text == "internal_error request-7: Internal error")
            let rest = try await onThread { try late.receiveAnswer() }
            #expect(rest?.text == "begin ")
            #expect(rest?.protocolStatus == 0)
            #expect(try await onThread { try late.exchange(HeldFixture.get("/"), isKept: true)?.text } == "plain")
        }
    }

    @Test(arguments: [false, true]) func `when the server stops each gets its last answer`(isKept: Bool) async throws {
        let (poll, stream) = try await HeldFixture.run { held in
            let poll = try await held.hold("/poll/a", isKept: isKept)
            let stream = try await held.hold("/stream/a", isKept: isKept)
            await held.fixture.stop()
            return (poll, stream)
        }
        #expect(try await onThread { try poll.receiveAnswer()?.text } == "stopping ")
        #expect(try await onThread { try stream.receiveAnswer()?.text } == "begin stopping")
        for client in [poll, stream] { #expect(try await onThread { try isKept ? client.receiveFarewell() : client.receiveEnd() }) }
    }

    @Test func `a request that comes while the server stops is not held`() async throws {
        let clock = HeldClock()
        let text = try await ServerFixture.run(
            clock: clock,
            waiting: { request, _, _, _ in
                guard request.path == "/wait" else { return Answer(.init(status: .ok)) }
                return Answer(wait: Wait(for: 0, atMost: .seconds(3600)) { Answer(.init(status: .ok), Array("\($0)".utf8)) })
            }
        ) { server in
            let client = try await server.connection { client in
                _ = try client.exchange(HeldFixture.get("/"), isKept: true)
                return client
            }
            await server.stop()
            await clock.isAsked()
            defer { clock.release() }
            return try await onThread { try client.exchange(HeldFixture.get("/wait"), isKept: true)?.text }
        }
        #expect(text == "stopping")
    }

    @Test func `with as many as may be held the next is answered at once`() async throws {
        var settings = HeldFixture.patient
        settings.held = 2
        try await HeldFixture.run(settings) { held in
            let first = try await held.hold("/poll/a")
            let second = try await held.hold("/stream/b")
            #expect(try await held.fixture.exchange(HeldFixture.get("/poll/c"))?.text == "full")
            held.wake("a")
            #expect(try await onThread { try first.receiveAnswer()?.text } == "changed ")
            _ = try await held.hold("/poll/c")
            withExtendedLifetime(second) {}
        }
    }

    @Test func `a responder that waits although it may not gives its last answer at once`() async throws {
        var settings = HeldFixture.patient
        settings.held = 0
        let texts = try await HeldFixture.run(
            settings,
            respond: { request, _, _, _ in
                let hasHead = request.path == "/stream"
                let wait = Wait(for: 0, atMost: .seconds(3600)) { Answer(hasHead ? nil : .init(status: .ok), Array("\($0)".utf8)) }
                return Answer(hasHead ? .init(status: .ok) : nil, Array((hasHead ? "begin " : "").utf8), wait: wait)
            }
        ) { held in
            [
                try await held.fixture.exchange(HeldFixture.get("/stream"))?.text,
                try await held.fixture.exchange(HeldFixture.get("/poll"))?.text,
            ]
        }
        #expect(texts == ["begin stopping", "stopping"])
    }

    @Test func `an answer without a head is an internal error`() async throws {
        let answer = try await HeldFixture.run(respond: { _, _, _, _ in Answer(nil, [1]) }) { held in
            try await held.fixture.exchange(HeldFixture.get("/"))
        }
        #expect(answer?.status == 500)
    }

    @Test func `after many that came, were told and left, nothing is held and no connection is open`() async throws {
        // Time stands still: the server would wait for a connection for ever.
        try await HeldFixture.run(clock: HeldClock()) { held in
            for round in 0..<30 {
                var clients: [FastCGIClient] = []
                for number in 0..<20 {
                    clients.append(try await held.send(number.isMultiple(of: 2) ? "/poll/\(number)" : "/stream/\(number)"))
                }
                for number in 0..<10 { held.wake("\(number)") }
                if round.isMultiple(of: 3) { held.server.wake(nil as [String]?) }
                clients = []
                try await held.isHeld(0)
            }
            #expect(held.server.idleConnections == 0)
        }
    }
}
