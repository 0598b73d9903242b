public import Jobs

/// What reading Krea's routes needs; see `DispatchStore`.
extension SQLiteStore {
    /// Takes the right to ask once for Krea's routes.
    public func claimCatalogue(by epoch: Int, at now: Timestamp) throws -> Claim<Call> {
        try write { database in
            try Self.check(epoch, database)
            return try Pace.change(database) { pace in
                guard let moment = pace.callAllowedAt(pace.nextCatalogueAt) else { return .nothing }
                guard now >= moment else { return .notBefore(moment) }
                pace.claimCatalogue(at: now, rules: rules)
                return .granted(try Call.insert(.catalogue, epoch: epoch, job: .none, at: now, database))
            }
        }
    }

    /// Records how a claimed call for Krea's routes ended.
    public func recordCatalogue(_ result: CallResult<[KreaRoute]>, for call: Call, at now: Timestamp) throws {
        try change { database in
            try Self.check(call.epoch, database)
            try call.complete(result.outcome(of: .catalogue), at: now, database)
            try Pace.change(database) { $0.recordCatalogue(result, at: now, rules: rules) }
            try catalogue(database).after(result, at: now).update(database)
        }
    }
}
