extension SimulatedKrea {
    /// Gives a workspace its old jobs when it is first used.
    mutating func remember(_ token: String, at now: Int64) {
        guard settings.history > 0, workspaces[token] == nil, let route = settings.dialect.routes.first else { return }
        var workspace = Workspace()
        for age in (60..<60 + settings.history).reversed() {
            var job = SimulatedJob(
                id: generator.uuid(), token: token, route: route, prompt: "", created: now - Int64(age) * 1000, switches: .none,
                course: Course(settings, .none), pictures: [generator.uuid()], size: PictureSize([:]), starts: now - Int64(age) * 1000)
            // They have all ended, so they take no slot.
            job.course.walk = .lasting(0)
            workspace.append(job)
        }
        workspaces[token] = workspace
    }
}
