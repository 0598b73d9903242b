extension Collection where Element: Comparable {
    /// The element in the middle, of an even number the earlier of the two; nil when there is none.
    public var median: Element? {
        sorted().dropFirst((count - 1) / 2).first
    }
}
