//! Asks the carrier for the labels of parcels.

use std::time::Duration;

/// How long a parcel may wait for its label before it is tried again.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to one carrier.
pub struct Carrier {
    agent: ureq::Agent,
    address: String,
}

impl Carrier {
    pub fn new(address: &str) -> Self {
        let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().new_agent();
        Self { agent, address: address.to_owned() }
    }

    /// The label of an order, as the carrier prints it.
    pub fn label(&self, order_id: &str) -> Result<String, ureq::Error> {
        let address = format!("{}/labels/{order_id}", self.address);
        let label = self.agent.get(address).call()?.body_mut().read_to_string()?;
        log::info!("label of {order_id}: {} bytes", label.len());
        Ok(label)
    }
}
