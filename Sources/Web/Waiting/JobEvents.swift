import Answers
import HTTPTypes
import Jobs

/// A job as server-sent events (HTML Standard, section 9.2): one for each change, named by its `ETag`, until the job ends.
struct JobEvents: Sendable {
    /// After how many milliseconds a reader whose answer has ended asks for the next. Spread, so that not all come at once.
    static let retry = 2000...4000
    /// The same when the server stops: all answers end at once then, and the next process has to start.
    static let retryAfterStop = 1000...10000

    private let reader: JobReader
    /// The `ETag` that the reader has.
    private var told: String?
    private var time: HeldTime

    /// - Parameter latest: The name of the latest event that the client has.
    init(_ reader: JobReader, after latest: String?) {
        self.reader = reader
        told = latest
        time = HeldTime(HeldTime.stream, from: reader.application.now())
    }

    /// The beginning; nil when the job has ended and the client knows how, for which a status says to ask no more.
    func begin(mayWait: Bool) throws -> Reply? {
        let answer = try reader.json()
        guard !(answer.told.isFinished && answer.tag == told) else { return nil }
        var rest = self
        var reply = Reply(stream: "text/event-stream", body: retry(Self.retry) + rest.news(answer))
        if !answer.told.isFinished, mayWait { reply.wait = rest.wait }
        return reply
    }

    private var wait: Wait { Wait(for: reader.job, atMost: time.wait, next: next) }

    @Sendable private func next(_ occasion: Wait.Occasion) -> Answer {
        var rest = self
        rest.time.pass(occasion, at: reader.application.now())
        // After the end of an answer its reader asks again, and is told by a status what is wrong.
        guard let answer = try? reader.json() else { return Answer() }
        var text = rest.news(answer)
        if answer.told.isFinished || rest.time.isOver { return Answer(nil, text) }
        if occasion == .stopping { return Answer(nil, text + retry(Self.retryAfterStop)) }
        if text.isEmpty, rest.time.isQuiet {
            text = Array(":\n\n".utf8)
            rest.time.speak()
        }
        return Answer(nil, text, wait: rest.wait)
    }

    /// The event of a change; nothing where the reader has it.
    private mutating func news(_ answer: JobResponseCache.Answer) -> [UInt8] {
        guard let tag = answer.tag, tag != told else { return [] }
        told = tag
        time.speak()
        return Array("id: \(tag)\nevent: job\ndata: ".utf8) + answer.told.reply.body + Array("\n\n".utf8)
    }

    private func retry(_ bounds: ClosedRange<Int>) -> [UInt8] { Array("retry: \(reader.application.random(bounds))\n\n".utf8) }
}

extension RequestContext {
    func events(_ id: JobID) throws -> Reply {
        let events = JobEvents(reader(of: id), after: request.headerFields[.lastEventID])
        return try events.begin(mayWait: mayWait && request.method == .get) ?? .nothing
    }
}

extension HTTPField.Name {
    /// HTML Standard, section 9.2.4.
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
