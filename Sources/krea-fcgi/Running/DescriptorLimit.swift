import Glibc

/// The limit of descriptors, and the web server's share of it.
enum DescriptorLimit {
    /// Raises the limit to the highest allowed value (getrlimit(2)) and returns it.
    static func raise() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        var highest = limit
        highest.rlim_cur = limit.rlim_max
        if setrlimit(resource, &highest) == 0 { limit = highest }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many of `descriptors` the web server's connections may use.
    ///
    /// That is the rest after the store, calls to Krea, pictures, webhooks, the status, the log and each worker have theirs; at least half.
    static func connections(of descriptors: Int, threads: Int) -> Int {
        // Per worker: the store's file, its write-ahead log and its shared memory for reading, the request, and a large answer.
        let reserve = 192 + 5 * threads
        return max(1, descriptors >= 2 * reserve ? descriptors - reserve : descriptors / 2)
    }

    /// How many requests may wait for a change. Plain requests always find descriptors left. A waiting one takes up to 1 KiB of memory.
    static func held(of descriptors: Int) -> Int { min(max(0, descriptors - 512), 65_536) }
}
