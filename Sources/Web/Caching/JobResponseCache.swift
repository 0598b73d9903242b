import HTTPTypes
import Jobs
import Synchronization

/// Keeps recent answers about jobs, ready to be sent again.
///
/// An answer holds until the store changes (``RequestStore/version``) or the job looks different by itself
/// (``JobView/looksTheSameUntil(keepsPictures:)``). It is never older than the last commit of any process.
///
/// Gain: 18,800 instructions instead of 231,300 for a poll from the SQLite store (callgrind, the difference of 1,200 and 200 polls of one job).
final class JobResponseCache: Sendable {
    /// Everything that an answer depends on besides the store and the time.
    struct Key: Hashable {
        let job: JobID
        let mount: TextKey
        /// The caller if it is known; nil for all others, who get the same answer.
        var reader: Client?
    }

    /// One answer for all who may read the job.
    final class Answer: Sendable {
        /// A reply without a streamed rest, which cannot be kept.
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
        /// The `ETag`.
        let tag: String?
        /// The job's owner, by whom the caller of the cache decides who may read it.
        let owner: Client
        private let isFinished: Bool
        private let isSettled: Bool
        fileprivate let version: StoreVersion?
        fileprivate let madeAt: Timestamp
        fileprivate let holdsUntil: Timestamp?

        fileprivate init(_ told: JobReader.Told, owner: Client, version: StoreVersion?, madeAt: Timestamp, holdsUntil: Timestamp?) {
            (whole, notModified, tag) = (Parts(told.reply), Parts(told.reply.notModified), told.reply.fields[.eTag])
            (isFinished, isSettled) = (told.isFinished, told.isSettled)
            self.owner = owner
            self.version = version
            self.madeAt = madeAt
            self.holdsUntil = holdsUntil
        }

        /// The answer, without its body if the client has it.
        func reply(to request: HTTPRequest) -> Reply { request.knows(tag) ? notModified.reply : whole.reply }

        /// The whole answer, and how the job stands.
        var told: JobReader.Told { JobReader.Told(reply: whole.reply, isFinished: isFinished, isSettled: isSettled) }

        fileprivate func holds(at now: Timestamp, _ version: StoreVersion) -> Bool {
            self.version == version && madeAt <= now && holdsUntil.map { now < $0 } ?? true
        }

        /// Its size in bytes, roughly.
        fileprivate var size: Int { whole.body.count + 3072 }
    }

    /// Two halves: when the younger is full, the older goes. So frequent answers stay, and the memory is bounded.
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

    /// A part of the answers. No thread waits for a part that is in use: it takes the next one, where the same answer may be made again.
    private final class Part: Sendable {
        let answers = Mutex(Halves())
    }

    private let parts: [Part]
    /// Bytes in a half of each part.
    private let halfSize: Int

    init(halfSize: Int = 256 << 10, parts: Int = 8) {
        self.halfSize = halfSize
        self.parts = (0..<parts).map { _ in Part() }
    }

    /// The answer at this version of the store and this time; calls `make` if there is none.
    ///
    /// - Parameters:
    ///   - version: The store's version before the answer is made; nil if it has none, and then nothing is kept.
    ///   - make: Makes an answer, with the moment at which it changes, or nil. Its errors are passed on.
    func answer(
        _ key: Key, _ version: StoreVersion?, at now: Timestamp,
        make: (_ now: Timestamp) throws -> (told: JobReader.Told, owner: Client, until: Timestamp?)
    ) throws -> Answer {
        if let version, let answer = inPart(of: key, { $0.find(key, halfSize: halfSize) }), answer.holds(at: now, version) { return answer }
        let made = try make(now)
        let answer = Answer(made.told, owner: made.owner, version: version, madeAt: now, holdsUntil: made.until)
        if version != nil { inPart(of: key) { $0.keep(answer, key, halfSize: halfSize) } }
        return answer
    }

    /// Calls `body` with the first part that is free, starting with the key's own.
    private func inPart<Result: Sendable>(of key: Key, _ body: (inout Halves) -> Result) -> Result {
        let own = Int(UInt(bitPattern: key.job.hashValue) % UInt(parts.count))
        for offset in 0..<parts.count {
            if let result = parts[(own + offset) % parts.count].answers.withLockIfAvailable({ body(&$0) }) { return result }
        }
        return parts[own].answers.withLock { body(&$0) }
    }
}
