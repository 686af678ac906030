//! The order of names, computed once after each change and not once a page.

use super::model::{Project, Task, Workspace};

impl Workspace {
    /// Projects by name, ties by id.
    pub(crate) fn projects_by_name(&self) -> impl DoubleEndedIterator<Item = &Project> {
        let order = self.projects_by_name.get_or_init(|| by_name(&self.projects, |project| &project.name));
        order.iter().filter_map(|index| self.projects.get(*index as usize))
    }

    /// Tasks by name, ties by id.
    pub(crate) fn tasks_by_name(&self) -> impl DoubleEndedIterator<Item = &Task> {
        let order = self.tasks_by_name.get_or_init(|| by_name(&self.tasks, |task| &task.name));
        order.iter().filter_map(|index| self.tasks.get(*index as usize))
    }

    pub(super) fn forget_order(&mut self) {
        self.projects_by_name.take();
        self.tasks_by_name.take();
    }
}

/// Indices by lower-cased name; equal names stay as they were made, which is by id.
fn by_name<T>(items: &[T], name: impl Fn(&T) -> &String) -> Vec<u32> {
    let mut keyed: Vec<(String, u32)> = (0..).zip(items).map(|(index, item)| (name(item).to_lowercase(), index)).collect();
    keyed.sort();
    keyed.into_iter().map(|(_, index)| index).collect()
}
