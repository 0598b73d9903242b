/// The store could not do what it was asked for, and nothing has changed; it may be able to in a while.
public struct StoreUnavailable: Error, Hashable, Sendable, CustomStringConvertible {
    /// What stands in the way.
    public enum Kind: Hashable, Sendable {
        /// Another process or thread has held it for too long.
        case busy
        /// There is no room left on its disk.
        case full
        /// It cannot be read or written where it is.
        case unusable
    }

    /// What stands in the way.
    public let kind: Kind
    /// The storage's own words, for the log.
    public let description: String

    /// A trouble of this kind, in the storage's own words.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
