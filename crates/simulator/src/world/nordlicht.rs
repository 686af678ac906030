//! The world that documentation, screens and the demonstration share.

use chrono::Days;

use super::{NewProject, Plan, Role, UnknownId, World, names};
use crate::clock;

impl World {
    /// Nordlicht Studio: twelve people, three workspaces in one organization, about forty items.
    ///
    /// The token belongs to Ana Nováková, who administers everything.
    ///
    /// # Panics
    /// Never: every id it uses is one that it made.
    #[must_use]
    pub fn nordlicht() -> Self {
        let mut world = Self::empty();
        world.now = clock::start() - Days::new(200);
        world.furnish().expect("every id was made in this very world");
        world.now = clock::start();
        world
    }

    fn furnish(&mut self) -> Result<(), UnknownId> {
        let ana = self.add_user("Ana Nováková", "ana.novakova@nordlicht.example");
        self.issue_token(ana)?;
        let bjork = self.add_user("Björk Sigurðardóttir", "bjork@nordlicht.example");
        let thu_ha = self.add_user("Đặng Thu Hà", "thu.ha.dang@nordlicht.example");
        let ines = self.add_user("Inês Carvalho", "ines.carvalho@nordlicht.example");
        let jurgen = self.add_user("Jürgen Großmann", "J.Grossmann@nordlicht.example");
        let lukasz = self.add_user("Łukasz Wiśniewski", "lukasz.wisniewski@nordlicht.example");
        let mehmet = self.add_user("Mehmet Yıldırım", "mehmet.yildirim@nordlicht.example");
        let siobhan = self.add_user("Siobhán O’Connell", "siobhan.oconnell@nordlicht.example");
        let tom = self.add_user("Tom Baker", "tom@nordlicht.example");
        let hanako = self.add_user("山田 花子", "hanako.yamada@nordlicht.example");
        let zoe = self.add_user("Zoë Lefèvre", "zoe.lefevre@nordlicht.example");
        let omar = self.add_user("عمر السيد", "omar.elsayed@nordlicht.example");

        let organization = self.add_organization("Nordlicht Studio", Plan::Starter, ana)?;
        let studio = self.add_workspace(organization, "Nordlicht Studio")?;
        let labs = self.add_workspace(organization, "Labs")?;
        let pro_bono = self.add_workspace(organization, "Pro bono")?;

        self.add_member(studio, jurgen, Role::Admin)?;
        self.add_member(studio, zoe, Role::ProjectLead)?;
        for person in [ines, lukasz, mehmet, hanako] {
            self.add_member(studio, person, Role::Member)?;
        }
        self.invite_member(studio, siobhan, Role::Member)?;
        for person in [jurgen, lukasz, thu_ha] {
            self.add_member(labs, person, Role::Member)?;
        }
        for person in [bjork, lukasz, zoe, omar] {
            self.add_member(pro_bono, person, Role::Member)?;
        }
        self.deactivate_member(pro_bono, omar, true)?;
        self.add_group(pro_bono, "Friends of the house", &[tom])?;

        self.furnish_studio(studio, &[ana, jurgen, hanako])?;

        let harbour = self.add_project(labs, "Tide tables app")?;
        for task in ["Harbour list", "Notifications"] {
            self.add_task(harbour, task)?;
        }
        self.add_project(labs, NewProject::named("Skunkworks").private(&[ana, thu_ha]))?;

        let oasis = self.add_client(pro_bono, "مؤسسة الواحة")?;
        self.add_project(pro_bono, NewProject::named("حملة التبرعات").under(oasis))?;
        let theatres = self.add_client(pro_bono, names::LONGEST)?;
        let posters = self.add_project(pro_bono, NewProject::named("Festivalplakate").under(theatres))?;
        self.add_task(posters, "Entwurf")?;
        self.add_task(posters, "Druckdaten")?;
        Ok(())
    }

    fn furnish_studio(&mut self, studio: i64, insiders: &[i64]) -> Result<(), UnknownId> {
        let cafe = self.add_client(studio, "Café Ñandú")?;
        let website = self.add_project(studio, NewProject::named("Website relaunch").under(cafe))?;
        for task in ["Content", "Design", "Template 2: overview", "Template 10: imprint"] {
            self.add_task(website, task)?;
        }
        let menu = self.add_project(studio, "Menu & signage")?;
        self.add_task(menu, "Photos 📷")?;
        self.add_task(menu, "Print proof")?;

        let tools = self.add_client(studio, "Müller & Söhne Präzisionswerkzeuge GmbH & Co. KG")?;
        let catalogue = self.add_project(studio, NewProject::named("Product catalogue").under(tools))?;
        for task in ["Retouching", "Texts", "Translation"] {
            self.add_task(catalogue, task)?;
        }
        let shop = self.add_project(studio, NewProject::named("Website relaunch").under(tools))?;
        self.add_task(shop, "Design")?;
        let offer = self.add_project(studio, NewProject::named("Tender 2027").under(tools).private(insiders))?;
        self.add_task(offer, "Calculation")?;

        let tortoise = self.add_client(studio, "Żółw i Syn")?;
        self.add_project(studio, NewProject::named("Logo").under(tortoise))?;

        let minato = self.add_client(studio, "株式会社みなと")?;
        let brand = self.add_project(studio, NewProject::named("ブランドガイドライン改訂").under(minato))?;
        self.add_task(brand, "Moodboard")?;
        self.add_task(brand, "レビュー")?;

        let unnamed = self.add_client(studio, "")?;
        self.add_project(studio, NewProject::named("Sketches").under(unnamed))?;

        let internal = self.add_project(studio, "Internal")?;
        self.add_task(internal, "Staff meeting")?;
        self.add_project(studio, NewProject::named("Trade fair 2025").archived())?;
        self.add_project(studio, NewProject::named("Standard website").template())?;
        Ok(())
    }
}
