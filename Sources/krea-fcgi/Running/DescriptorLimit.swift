import Glibc

/// How many descriptors the process may have, and how many of them are for connections of the web server.
enum DescriptorLimit {
    /// Raises the limit to the highest that is allowed (getrlimit(2)), and returns it.
    static func raise() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        var highest = limit
        highest.rlim_cur = limit.rlim_max
        if setrlimit(resource, &highest) == 0 { limit = highest }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many connections the web server may have of `descriptors`: what is left when the store, calls to Krea, pictures, messages, the status
    /// and the log have theirs, and each worker's. Of few, half.
    static func connections(of descriptors: Int, threads: Int) -> Int {
        // A worker: the store's file, its log and its index for reading, the request at hand, and a large answer.
        let reserve = 192 + 5 * threads
        return max(1, descriptors >= 2 * reserve ? descriptors - reserve : descriptors / 2)
    }

    /// How many requests may wait for news of `descriptors`: plain requests always find some left. Each takes up to 1 KiB of memory.
    static func held(of descriptors: Int) -> Int { min(max(0, descriptors - 512), 65_536) }
}
