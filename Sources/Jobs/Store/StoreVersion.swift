/// How far a store has come: two that are equal mean that nothing was changed between them.
public struct StoreVersion: Hashable, Sendable {
    private let words: SIMD2<UInt64>

    /// A version that the store knows by two numbers; at least one of them changes with each commit.
    public init(_ first: UInt64, _ second: UInt64 = 0) {
        words = [first, second]
    }
}
