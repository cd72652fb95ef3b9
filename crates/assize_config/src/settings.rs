//! Settings: what the configuration says, resolved per path.

use std::collections::BTreeMap;
use std::sync::Arc;

use assize_model::Severity;

use crate::classes::below;
use crate::{
    ApprovalStrength, Authority, BriefMoment, ClassGlobs, Date, Escalation, Freeze, Gates,
    GuardMode, Ignored, PermitSettings, Profile, TeamRule,
};

/// What one `assize.toml` says about controls, for the folder that holds it.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// The folder, relative to the root; the root is the empty text.
    pub folder: String,
    /// `root = true`: layers above it do not count below it.
    pub root: bool,
    /// Severity by control; `None` switches it off.
    pub severities: BTreeMap<String, Option<Severity>>,
    /// Numeric options by control and name.
    pub numbers: BTreeMap<(String, String), u32>,
    /// The file, as messages name it, and the line of each severity in it.
    pub(crate) file: String,
    pub(crate) lines: BTreeMap<String, u32>,
}

/// Everything that a control may ask of the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The root's layer first, deeper folders after it.
    pub layers: Vec<Layer>,
    pub profile: Profile,
    /// The severity of each control by the letter of the rules. The caller knows the rules, and
    /// fills it where the profile is `strict`: to read them takes longer than a hook has.
    pub strict: BTreeMap<String, Severity>,
    /// `[classes]`: which files are what.
    pub classes: ClassGlobs,
    /// `[env] external`: variables that the platform provides; `*` at the end stands for any rest.
    pub env_external: Vec<String>,
    /// `[ports] registry`: files that are port registries, relative to the root.
    pub port_registries: Vec<String>,
    /// `[agents] paths`: folders of agent definitions besides the clients' own.
    pub agent_paths: Vec<String>,
    /// `[scripts]`: the folders of scripts by what they are for, a word of [`SCRIPT_DUTIES`].
    ///
    /// [`SCRIPT_DUTIES`]: crate::SCRIPT_DUTIES
    pub script_folders: BTreeMap<String, Vec<String>>,
    /// `[docs] authority`: files and folders whose documents count as authority.
    pub authority: Vec<String>,
    /// `[guard] mode`.
    pub guard_mode: GuardMode,
    /// `[gate] unattributed`: what changes weigh that no session answers for; `None` is off.
    pub gate_unattributed: Option<Severity>,
    /// `[gates]`: the evidence that is demanded.
    pub gates: Gates,
    /// `[approvals] strength`.
    pub approval_strength: ApprovalStrength,
    /// `[permit]`.
    pub permit: PermitSettings,
    /// `[escalate] command`.
    pub escalation: Option<Escalation>,
    /// `[authority]`: the folder that decides. With it, files below the root may only add.
    pub authority_root: Option<Authority>,
    /// `[brief] moments`.
    pub brief_moments: Vec<BriefMoment>,
    /// `[freeze] windows`.
    pub freezes: Vec<Freeze>,
    /// What files below the root say in vain, because the root has an authority; severities aside.
    pub(crate) ignored: Vec<Ignored>,
    /// The team's own rules, which the caller reads: they stand in files of their own.
    pub team: Arc<[TeamRule]>,
    /// The day of the pass: allowances expire by it.
    pub today: Date,
}

/// Numeric options of a control at one path.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    settings: &'a Settings,
    path: &'a str,
    control: &'a str,
}

impl Settings {
    /// The settings of a repository without any `assize.toml`.
    pub fn plain(today: Date) -> Self {
        Self {
            layers: Vec::new(),
            profile: Profile::Recommended,
            strict: BTreeMap::new(),
            classes: ClassGlobs::default(),
            env_external: Vec::new(),
            port_registries: Vec::new(),
            agent_paths: Vec::new(),
            script_folders: BTreeMap::new(),
            authority: Vec::new(),
            guard_mode: GuardMode::Observe,
            gate_unattributed: Some(Severity::Warn),
            gates: Gates::default(),
            approval_strength: ApprovalStrength::Local,
            permit: PermitSettings::default(),
            escalation: None,
            authority_root: None,
            brief_moments: BriefMoment::ALL.to_vec(),
            freezes: Vec::new(),
            ignored: Vec::new(),
            team: Arc::default(),
            today,
        }
    }

    /// The layers that count at a path, nearest first.
    fn layers_of(&self, path: &str) -> impl Iterator<Item = &Layer> {
        let mut stopped = false;
        self.layers
            .iter()
            .rev()
            .filter(move |layer| below(&layer.folder, path).is_some())
            .take_while(move |layer| !std::mem::replace(&mut stopped, layer.root))
    }

    /// The severity of a control at a path, where `own` is the one in its metadata; `None` is off.
    ///
    /// The nearest layer wins, then the profile. What is `block` stays `block`: configuration
    /// cannot weaken it.
    pub fn severity(&self, control: &str, path: &str, own: Severity) -> Option<Severity> {
        if own == Severity::Block {
            return Some(own);
        }
        let mut told = self.layers_of(path).filter_map(|layer| layer.severities.get(control));
        if self.authority_root.is_none() {
            let nearest = told.next().copied();
            return nearest.unwrap_or_else(|| Some(self.by_profile(control, own)));
        }
        // Whoever stands lower may demand more, and never less.
        let above = self.of_root(control, own);
        told.copied().fold(above, std::cmp::max)
    }

    /// What counts for a control where no file below the root says anything.
    fn of_root(&self, control: &str, own: Severity) -> Option<Severity> {
        let root = self.layers.iter().find(|layer| layer.folder.is_empty());
        let told = root.and_then(|root| root.severities.get(control)).copied();
        told.unwrap_or_else(|| Some(self.by_profile(control, own)))
    }

    /// What files below the root say in vain, because the root has an authority and what stands
    /// lower cannot loosen it. `own` is the severity in a control's metadata.
    pub fn overruled(&self, own: &dyn Fn(&str) -> Option<Severity>) -> Vec<Ignored> {
        if self.authority_root.is_none() {
            return Vec::new();
        }
        let mut found = self.ignored.clone();
        for layer in self.layers.iter().filter(|layer| !layer.folder.is_empty()) {
            for (control, told) in &layer.severities {
                let counts =
                    own(control).and_then(|own| self.severity(control, &layer.folder, own));
                if *told < counts {
                    let what = format!(
                        "`controls.{control}.severity` does not count: what stands above it is \
                         stricter, and the root has an `[authority]`"
                    );
                    let line = layer.lines.get(control).copied().unwrap_or(1);
                    found.push(Ignored { file: layer.file.clone(), line, what });
                }
            }
        }
        found.sort();
        found
    }

    /// By the letter a breach is one however likely it is meant: what would warn weighs what the
    /// rules say. What only informs names no breach, and stays as it is.
    fn by_profile(&self, control: &str, own: Severity) -> Severity {
        let is_breach = own >= Severity::Warn;
        let strict = self.strict.get(control).filter(|_| is_breach);
        match self.profile {
            Profile::Recommended => own,
            // Only a control itself can say that something is to be stopped at once.
            Profile::Strict => strict.map_or(own, |most| own.max((*most).min(Severity::Error))),
        }
    }

    /// The options of a control at a path.
    pub fn options<'a>(&'a self, control: &'a str, path: &'a str) -> Options<'a> {
        Options { settings: self, path, control }
    }

    /// Whether `[env] external` names this variable.
    pub fn is_external_env(&self, name: &str) -> bool {
        self.env_external.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        })
    }
}

impl Options<'_> {
    /// A numeric option, or the control's own default.
    pub fn number(&self, name: &str, own: u32) -> u32 {
        let key = (self.control.to_owned(), name.to_owned());
        self.settings
            .layers_of(self.path)
            .find_map(|layer| layer.numbers.get(&key).copied())
            .unwrap_or(own)
    }
}
