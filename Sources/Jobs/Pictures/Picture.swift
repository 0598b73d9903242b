/// One picture of a submission that has completed, and whether we have a copy of it.
///
/// A copy is fetched at leisure: the picture is there for people from the first moment, at Krea's address. Whatever goes wrong is tried
/// again later, for about a day; then it stays with Krea's address.
public struct Picture: Hashable, Sendable {
    /// Krea's address of it.
    public let url: String
    /// How often it was fetched or begun to be.
    public var attempts = 0
    /// The earliest moment of the next attempt; nil when there is a copy, and when there will be none.
    public var nextAttemptAt: Timestamp?
    /// Our copy.
    public var kept: KeptPicture?

    /// A picture that was not fetched yet.
    public init(url: String, at now: Timestamp) {
        self.url = url
        nextAttemptAt = now
    }

    /// Whether nothing more happens with it.
    public var isSettled: Bool { nextAttemptAt == nil }

    /// How often it is tried at most. With these pauses the last attempt comes 23 hours after the first.
    static let mostAttempts = 32
    /// How long after a fault on our side, such as a full disk, it is tried again. That counts as no attempt.
    public static let pauseForStorage: Duration = .seconds(60)

    /// From an attempt to the next: 10 s, doubled each time, up to an hour.
    static func pause(after attempts: Int) -> Duration {
        min(.seconds(10) * (1 << (min(max(attempts, 1), 11) - 1)), longestPause)
    }

    /// The right to fetch it once is taken. Should the process die with it, the next attempt comes after the usual pause.
    public mutating func claim(at now: Timestamp) {
        attempts += 1
        nextAttemptAt = now + Self.pause(after: attempts)
    }

    /// An attempt has ended.
    public mutating func record(_ result: Result<KeptPicture, PictureFailure>, at now: Timestamp) {
        switch result {
        case .success(let copy):
            kept = copy
            nextAttemptAt = nil
        case .failure(.notStored):
            attempts -= 1
            nextAttemptAt = now + Self.pauseForStorage
        case .failure(let failure) where failure.isFinal || attempts >= Self.mostAttempts:
            nextAttemptAt = nil
        case .failure(.limited(let retryAfter)):
            nextAttemptAt = now + max(Self.pause(after: attempts), min(retryAfter ?? .zero, Self.longestPause))
        case .failure:
            nextAttemptAt = now + Self.pause(after: attempts)
        }
    }
}

/// A copy of a picture.
public struct KeptPicture: Hashable, Sendable {
    /// Where it is.
    public let file: PictureFile
    /// How long it is.
    public let bytes: Int

    /// A copy.
    public init(file: PictureFile, bytes: Int) {
        self.file = file
        self.bytes = bytes
    }
}

/// A file that is named by what is in it: the same bytes are there once, and never change.
public struct PictureFile: Hashable, Sendable {
    /// The SHA-256 of the content: 64 hexadecimal digits in lower case.
    public let hash: String
    /// What the content is.
    public let type: PictureType

    /// The file of a content; nil when `hash` is none.
    public init?(hash: some StringProtocol, type: PictureType) {
        guard hash.utf8.count == 64, hash.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.hash = String(hash)
        self.type = type
    }

    /// The file with this ``name``; nil when that is none.
    public init?(name: some StringProtocol) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let type = PictureType(rawValue: String(parts[1])) else { return nil }
        let halves = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0].utf8.count == 2 else { return nil }
        self.init(hash: halves.joined(), type: type)
    }

    /// Its path below the folder of pictures, and the end of its address: `ab/cdef….png`, the hash after its first two digits cut in two.
    public var name: String { "\(hash.prefix(2))/\(hash.dropFirst(2)).\(type.rawValue)" }
}

/// What a picture can be; the raw value is the ending of its file.
public enum PictureType: String, Hashable, Sendable, CaseIterable {
    /// Krea's usual one.
    case png
    /// The others that browsers show and that carry no script.
    case jpeg = "jpg"
    case webp, gif, avif
}

/// Why there is no copy of a picture.
public enum PictureFailure: Error, Hashable, Sendable {
    /// Its address is not one that may be fetched.
    case notAllowed
    /// It is larger than what is kept.
    case tooLarge
    /// Its first bytes are those of no picture that is kept.
    case notAPicture
    /// It ends before it is whole, by what its own format says.
    case cut
    /// 429, with the Retry-After if there was one, which is bounded.
    case limited(retryAfter: Duration?)
    /// A redirect to where no picture may be fetched, or one too many.
    case redirected
    /// Another status than 200.
    case status(Int)
    /// No answer, or not the whole of it in the time that there is.
    case noAnswer(reason: String)
    /// It could not be written.
    case notStored(reason: String)

    /// Whether another attempt would bring the same, for certain.
    public var isFinal: Bool { self == .notAllowed || self == .tooLarge }

    /// Whether the address may have expired, so that Krea has another one for the same picture.
    public var isExpiry: Bool { [.status(403), .status(404), .status(410)].contains(self) }
}
