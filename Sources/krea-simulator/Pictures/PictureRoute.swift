import HTTPTypes

extension SimulatedKrea {
    /// Answers `GET /images/<uuid>.png`, which needs no token, with the picture of a completed job.
    mutating func picture(_ file: String, _ query: [String: String], at now: Int64) -> Reaction {
        let name = String(file.dropLast(".png".count))
        guard file.hasSuffix(".png"), let reference = pictures[name], let job = workspaces[reference.token]?[reference.id],
            let number = job.pictures.firstIndex(of: name), job.status(at: now) == JobStatus.completed.rawValue,
            !job.switches.has(.image404)
        else { return Reaction(.unknownPath) }
        if query["expired"] != nil { return reaction(.expired, job) }
        let moves = Int(query["move"] ?? "0") ?? 0
        if job.switches.has(.imageMoved), moves < job.switches.number(of: .imageMoved) ?? 1 {
            return reaction(.page(302, "Found").with(.location, "\(name).png?move=\(moves + 1)"), job)
        }
        if job.switches.has(.imageRedirect) {
            return reaction(.page(302, "Found").with(.location, "\(settings.imageBase)/jobs"), job)
        }
        if job.switches.has(.imageType) { return reaction(.page(200, "Not a picture"), job) }
        var bytes = Landscape(prompt: job.prompt, number: number, size: job.size).png
        if job.switches.has(.imageHuge) {
            // Readers ignore bytes after the end of a PNG, so it stays a picture.
            let size = min(job.switches.number(of: .imageHuge) ?? 64, 1024) << 20
            bytes += [UInt8](repeating: 0, count: max(0, size - bytes.count))
        }
        let cuts = cutPictures[name, default: 0]
        if job.switches.has(.imageCut), cuts < job.switches.number(of: .imageCut) ?? 1 {
            cutPictures[name] = cuts + 1
            bytes.removeLast(bytes.count / 2)
        }
        var reaction = reaction(Answer(200, type: "image/png", body: bytes), job)
        if job.switches.has(.imageHold), heldPictures.insert(name).inserted {
            reaction.delivery = .held(after: 1024)
        }
        return reaction
    }

    /// The same, spoilt by the picture faults of its job or of all jobs.
    mutating func spoiltPicture(_ file: String, _ query: [String: String], at now: Int64) -> Reaction {
        let reference = pictures[String(file.dropLast(".png".count))]
        let switches = reference.flatMap { workspaces[$0.token]?[$0.id]?.switches } ?? settings.always
        return spoilt(picture(file, query, at: now), by: switches.faults(at: .image), subject: file)
    }

    private func reaction(_ answer: Answer, _ job: SimulatedJob) -> Reaction {
        var reaction = Reaction(answer)
        if job.switches.has(.imageSlow) { reaction.delay = Int64(job.switches.number(of: .imageSlow) ?? 60_000) }
        if job.switches.has(.imageTruncated) { reaction.delivery = .truncated }
        if job.switches.has(.imageStall) {
            reaction.delivery = .dripping(bytes: 1024, every: Int64(job.switches.number(of: .imageStall) ?? 86_400_000))
        }
        reaction.jobID = job.id
        return reaction
    }
}
