import Synchronization

/// The names of requests in logs, errors and on the status page: different in one run of the process, and hardly ever the same in two.
///
/// Each request gets one, so that no randomness is asked for but the first.
final class RequestNames: Sendable {
    private let start = UInt64.random(in: .min ... .max)
    private let count = Atomic<UInt64>(0)

    /// The next name, in hexadecimal digits.
    @Sendable func next() -> String {
        // An odd factor keeps numbers apart, and makes neighbours look different.
        String(start &+ count.add(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15, radix: 16)
    }
}
