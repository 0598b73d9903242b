import HTTPTypes
import Jobs
import Synchronization

/// The answers about jobs that were asked for lately, ready to be sent again.
///
/// Many ask often, and little changes: an answer is made once, and holds until the store has changed (``RequestStore/version``) or the time has
/// come at which the job looks different by itself (``JobView/looksTheSameUntil(keepsPictures:)``). It is never older than the last commit of
/// any process.
final class JobResponseCache: Sendable {
    /// What an answer depends on besides the store and the time.
    struct Key: Hashable {
        let job: JobID
        let mount: TextKey
        /// Who asks, if it is known; nil for all others, who get the same answer.
        var reader: Client?
    }

    /// One answer, for whoever asks and may see the job.
    final class Answer: Sendable {
        /// What can be kept of a reply, all of which is there at once.
        private struct Parts: Sendable {
            let status: HTTPResponse.Status
            let fields: HTTPFields
            let body: [UInt8]
            let hasCommonFields: Bool

            init(_ reply: Reply) {
                (status, fields, body, hasCommonFields) = (reply.status, reply.fields, reply.body, reply.hasCommonFields)
            }

            var reply: Reply { Reply(status, fields, body: body, hasCommonFields: hasCommonFields) }
        }

        private let whole: Parts
        private let notModified: Parts
        private let tag: String?
        /// Whose job it is; whether it is for whoever asks is for the caller to see.
        let owner: Client
        fileprivate let version: StoreVersion?
        fileprivate let madeAt: Timestamp
        fileprivate let holdsUntil: Timestamp?

        fileprivate init(_ reply: Reply, owner: Client, version: StoreVersion?, madeAt: Timestamp, holdsUntil: Timestamp?) {
            (whole, notModified, tag) = (Parts(reply), Parts(reply.notModified), reply.fields[.eTag])
            self.owner = owner
            self.version = version
            self.madeAt = madeAt
            self.holdsUntil = holdsUntil
        }

        /// The answer, without its body where the client has it.
        func reply(to request: HTTPRequest) -> Reply { request.knows(tag) ? notModified.reply : whole.reply }

        fileprivate func holds(at now: Timestamp, _ version: StoreVersion) -> Bool {
            self.version == version && madeAt <= now && holdsUntil.map { now < $0 } ?? true
        }

        /// About how many bytes it takes.
        fileprivate var size: Int { whole.body.count + 3072 }
    }

    /// Two halves: when the younger is full, the older goes. So what is asked for often stays, and the memory has a bound.
    private struct Halves {
        var young: [Key: Answer] = [:]
        var old: [Key: Answer] = [:]
        var youngSize = 0

        mutating func find(_ key: Key, halfSize: Int) -> Answer? {
            if let answer = young[key] { return answer }
            guard let answer = old.removeValue(forKey: key) else { return nil }
            keep(answer, key, halfSize: halfSize)
            return answer
        }

        mutating func keep(_ answer: Answer, _ key: Key, halfSize: Int) {
            if let former = young.updateValue(answer, forKey: key) { youngSize -= former.size }
            youngSize += answer.size
            guard youngSize > halfSize else { return }
            (old, young, youngSize) = (young, [:], 0)
        }
    }

    /// Some answers. There are several parts, so that nobody has to wait: who finds one in use takes the next, where the same answer may be
    /// made once more.
    private final class Part: Sendable {
        let answers = Mutex(Halves())
    }

    private let parts: [Part]
    /// In bytes, of each part.
    private let halfSize: Int

    init(halfSize: Int = 256 << 10, parts: Int = 8) {
        self.halfSize = halfSize
        self.parts = (0..<parts).map { _ in Part() }
    }

    /// The answer about a job at this version of the store and this time; made by `make` if there is none.
    ///
    /// - Parameters:
    ///   - version: Taken before; nil when the store has none, and then nothing is kept.
    ///   - make: Gives an answer, and the moment at which it is another; nil when it stays. Throws whatever there is to say instead.
    func answer(
        _ key: Key, _ version: StoreVersion?, at now: Timestamp,
        make: (_ now: Timestamp) throws -> (reply: Reply, owner: Client, until: Timestamp?)
    ) throws -> Answer {
        if let version, let answer = inPart(of: key, { $0.find(key, halfSize: halfSize) }), answer.holds(at: now, version) { return answer }
        let made = try make(now)
        let answer = Answer(made.reply, owner: made.owner, version: version, madeAt: now, holdsUntil: made.until)
        if version != nil { inPart(of: key) { $0.keep(answer, key, halfSize: halfSize) } }
        return answer
    }

    /// What `body` gives of the first part that nobody uses, from the key's own on.
    private func inPart<Result: Sendable>(of key: Key, _ body: (inout Halves) -> Result) -> Result {
        let own = Int(UInt(bitPattern: key.job.hashValue) % UInt(parts.count))
        for offset in 0..<parts.count {
            if let result = parts[(own + offset) % parts.count].answers.withLockIfAvailable({ body(&$0) }) { return result }
        }
        return parts[own].answers.withLock { body(&$0) }
    }
}
