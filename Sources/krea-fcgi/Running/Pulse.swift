/// Tells whether the service is alive: workers accept requests, and the store can be read. No worker has to be idle for that.
struct Pulse: Sendable {
    /// The longest wait for a worker that reads the store.
    static let patience: Duration = .seconds(10)

    let clock: any Clock<Duration>
    /// How many requests workers have accepted.
    let requests: @Sendable () -> Int
    /// Whether a worker can read the store; nil if the task is cancelled before a worker is free.
    let readsStore: @Sendable () async -> Bool?

    /// Whether a worker could read the store or, if none was free in time, workers at least accepted requests.
    func isAlive() async -> Bool {
        let before = requests()
        return await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await readsStore() }
            group.addTask {
                try? await clock.sleep(for: Self.patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? (requests() != before)
        }
    }
}
