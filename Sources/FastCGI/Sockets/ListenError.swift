import Glibc

/// Why the server cannot listen: one sentence for the operator.
public struct ListenError: Error, Equatable, CustomStringConvertible {
    /// The sentence; it names the value and what is allowed, or what the operating system said.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ what: String, errno code: Int32) {
        description = "\(what): \(String(cString: strerror(code)))."
    }
}
